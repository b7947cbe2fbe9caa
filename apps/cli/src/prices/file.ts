import { isJsonObject, parseRecord, type Json, type JsonObject } from '@chancery/kernel/encoding';
import type { TokenPrice } from '@chancery/kernel/account';
import {
  modelForm,
  sourceMax,
  tokenPriceMax,
  type ModelPrice,
  type PriceTable,
} from '@chancery/kernel/prices';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { ofFile } from '../policies/source.ts';
import { providers } from '../runs/model-choice.ts';
import { textIn } from '../text-file.ts';

/** A price table as a file holds it: from when on it counts is said when it is declared. */
export type PriceFile = Omit<PriceTable, 'effectiveFrom'>;

/** The text of a file that says this, a row a line. */
export function priceFileText({ source, models, fallback }: PriceFile): string {
  const rows = models.map((row) => `    ${JSON.stringify(rowLine(row))}`);
  return [
    '{',
    '  "v": 1,',
    `  "source": ${JSON.stringify(source)},`,
    '  "models": [',
    rows.join(',\n'),
    '  ],',
    `  "fallback": ${JSON.stringify(fallback)}`,
    '}\n',
  ].join('\n');
}

function rowLine({ model, inputMicrousd, cachedInputMicrousd, outputMicrousd }: ModelPrice) {
  return { model, inputMicrousd, cachedInputMicrousd, outputMicrousd };
}

/** Reads a file. Refuses `usage.invalid`, and `prices.invalid` naming the file and the line or the member. */
export function pricesIn(file: string): PriceFile {
  return ofFile(file, readPriceFile(textIn(file)));
}

/** Reads the text of a file. Refuses `prices.invalid`, naming the line or the member. */
export function readPriceFile(text: string): Result<PriceFile> {
  const parsed = parseRecord(text);
  if (!parsed.ok) return refused('prices.invalid', withLine(parsed.refusal.message, text));
  try {
    return done(fileOf(parsed.value));
  } catch (error) {
    if (error instanceof Misread) return refused('prices.invalid', error.message);
    throw error;
  }
}

/** Where something is in a text, by its line: nobody counts characters. */
function withLine(message: string, text: string): string {
  return message.replace(/ at offset (\d+)$/, (_, offset: string) => {
    return ` on line ${text.slice(0, Number(offset)).split('\n').length}`;
  });
}

class Misread extends Error {}

const priceMembers = ['inputMicrousd', 'cachedInputMicrousd', 'outputMicrousd'] as const;

function fileOf(value: Json): PriceFile {
  const whole = membersOf(value, '', ['v', 'source', 'models', 'fallback']);
  if (whole['v'] !== 1) throw new Misread('"v" must be 1');
  const { models, source, fallback } = whole;
  if (typeof source !== 'string' || source.length > sourceMax) {
    throw new Misread(`"source" must be a text of at most ${sourceMax} characters`);
  }
  if (!Array.isArray(models)) throw new Misread('"models" must be a list');
  return {
    source,
    models: inOrder(models.map((row, index) => rowIn(row as Json, `models[${index}]`))),
    fallback:
      fallback === null ? null : priceIn(membersOf(fallback, 'fallback', priceMembers), 'fallback'),
  };
}

function rowIn(value: Json, where: string): ModelPrice {
  const members = membersOf(value, where, ['model', ...priceMembers]);
  return { model: modelIn(members['model'], `${where}.model`), ...priceIn(members, where) };
}

function modelIn(value: Json | undefined, where: string): string {
  if (typeof value !== 'string' || !modelForm.test(value)) {
    throw new Misread(`"${where}" must be provider:name`);
  }
  const provider = value.slice(0, value.indexOf(':'));
  if (provider === 'ollama') {
    throw new Misread(`"${where}": a model of ollama is on your own machine and costs nothing`);
  }
  if (!providers.some((known) => known === provider)) {
    throw new Misread(`"${where}": there is no provider ${provider}`);
  }
  return value;
}

function priceIn(members: JsonObject, where: string): TokenPrice {
  const [inputMicrousd, cachedInputMicrousd, outputMicrousd] = priceMembers.map((name) => {
    const value = members[name];
    if (typeof value === 'number' && value >= 0 && value <= tokenPriceMax) return value;
    throw new Misread(
      `"${where}.${name}" must be micro-USD for a million tokens, from 0 to ${tokenPriceMax}`,
    );
  }) as [number, number, number];
  return { inputMicrousd, cachedInputMicrousd, outputMicrousd };
}

/** Rows in the order of their models, each of which stands once. */
function inOrder(rows: readonly ModelPrice[]): readonly ModelPrice[] {
  const first = new Map<string, number>();
  for (const [index, { model }] of rows.entries()) {
    const before = first.get(model);
    if (before !== undefined) {
      throw new Misread(`"models[${index}].model": ${model} stands in models[${before}] already`);
    }
    first.set(model, index);
  }
  return rows.toSorted((a, b) => (a.model < b.model ? -1 : 1));
}

/** An object with exactly these members. */
function membersOf(value: Json | undefined, where: string, names: readonly string[]): JsonObject {
  if (!isJsonObject(value))
    throw new Misread(`${where === '' ? 'it' : `"${where}"`} must be an object`);
  const path = (name: string): string => (where === '' ? name : `${where}.${name}`);
  const stray = Object.keys(value).find((name) => !names.includes(name));
  if (stray !== undefined) throw new Misread(`"${path(stray)}" is not known`);
  const missing = names.find((name) => !Object.hasOwn(value, name));
  if (missing !== undefined) throw new Misread(`"${path(missing)}" is missing`);
  return value;
}
