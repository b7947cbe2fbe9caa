import { resolve } from 'node:path';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { localPrice, type Price } from '@chancery/runtime/cognition';

export const providers = [
  'scripted',
  'anthropic',
  'openai',
  'openai-compatible',
  'ollama',
] as const;

export type Provider = (typeof providers)[number];

/** What its calls cost by the words of the command line alone: it goes before every price table. */
export function priceGiven({ provider, price }: ModelChoice): { readonly price?: Price } {
  const given = price ?? (provider === 'ollama' ? localPrice : undefined);
  return given === undefined ? {} : { price: given };
}

/** Which model, and how to reach it; no credential. */
export interface ModelChoice {
  readonly provider: Provider;
  /** Name of the model; of a script the absolute path of its file. */
  readonly name: string;
  readonly baseUrl: string | undefined;
  readonly price: Price | undefined;
  /** Why this one, in the words of a command line that chooses it again. */
  readonly why: string;
}

export interface ModelFlags {
  readonly model?: string;
  readonly baseUrl?: string;
  readonly price?: string;
}

/** Models that are taken when none is named, each when the key of its provider is there. */
const defaults = [
  ['ANTHROPIC_API_KEY', 'anthropic:claude-sonnet-4-5'],
  ['OPENAI_API_KEY', 'openai:gpt-5'],
] as const;

/** Reads the flags of a model. Refuses `model.unknown`, `model.no-key`, `usage.invalid`. */
export function chooseModel(flags: ModelFlags, env: NodeJS.ProcessEnv): Result<ModelChoice> {
  const named = flags.model ?? defaultModel(env);
  if (named === undefined) {
    return refused('model.no-key', 'no model is named, and no API key is set', {
      remedy: 'Pass --model provider:name, or set ANTHROPIC_API_KEY or OPENAI_API_KEY.',
    });
  }
  const [, provider, name] = /^([a-z-]+):(.+)$/s.exec(named) ?? [];
  if (provider === undefined || name === undefined) {
    return refused('model.unknown', `${JSON.stringify(named)} is not provider:name`);
  }
  if (!isProvider(provider)) {
    const message = `there is no provider ${provider}: there are ${providers.join(', ')}`;
    return refused('model.unknown', message);
  }
  const baseUrl = flags.baseUrl === undefined ? done(undefined) : readUrl(flags.baseUrl);
  if (!baseUrl.ok) return baseUrl;
  const price = flags.price === undefined ? done(undefined) : readPrice(flags.price);
  if (!price.ok) return price;
  const full = provider === 'scripted' ? resolve(name) : name;
  const choice = { provider, name: full, baseUrl: baseUrl.value, price: price.value };
  return done({ ...choice, why: wordsOf(choice) });
}

function defaultModel(env: NodeJS.ProcessEnv): string | undefined {
  return defaults.find(([variable]) => (env[variable] ?? '') !== '')?.[1];
}

function isProvider(value: string | undefined): value is Provider {
  return providers.some((provider) => provider === value);
}

/** An address without credentials: it is recorded. */
function readUrl(text: string): Result<string> {
  const url = URL.parse(text);
  const isPlain = url !== null && /^https?:$/.test(url.protocol) && url.username === '';
  if (isPlain && url.password === '') return done(text);
  return refused('usage.invalid', '--base-url is not an http address without credentials');
}

/** `IN,OUT` in micro-USD for a thousand tokens, as prices of a million. */
function readPrice(text: string): Result<Price> {
  const [, input, output] = /^(\d{1,9}),(\d{1,9})$/.exec(text) ?? [];
  if (input === undefined || output === undefined) {
    return refused('usage.invalid', '--price is not IN,OUT in micro-USD for 1,000 tokens');
  }
  const inputMicrousd = Number(input) * 1_000;
  return done({
    inputMicrousd,
    cachedInputMicrousd: inputMicrousd,
    outputMicrousd: Number(output) * 1_000,
    source: 'declared',
  });
}

function wordsOf({ provider, name, baseUrl, price }: Omit<ModelChoice, 'why'>): string {
  const words = ['--model', quoted(`${provider}:${name}`)];
  if (baseUrl !== undefined) words.push('--base-url', quoted(baseUrl));
  if (price !== undefined) {
    words.push('--price', `${price.inputMicrousd / 1_000},${price.outputMicrousd / 1_000}`);
  }
  return words.join(' ');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word);
}

const flagWords = /--(model|base-url|price) ("(?:[^"\\]|\\.)*"|\S+)/g;

/** Flags in the words that `ModelChoice.why` holds, as a run recorded them. */
export function flagsOf(why: string): ModelFlags {
  const found = new Map<string, string>();
  for (const [, name = '', word = ''] of why.matchAll(flagWords)) {
    found.set(name, word.startsWith('"') ? unquoted(word) : word);
  }
  const model = found.get('model');
  const baseUrl = found.get('base-url');
  const price = found.get('price');
  return {
    ...(model === undefined ? {} : { model }),
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(price === undefined ? {} : { price }),
  };
}

function unquoted(word: string): string {
  const value: unknown = JSON.parse(word);
  return typeof value === 'string' ? value : '';
}
