import { effects } from '../../contract/index.ts';
import { recordText, type Json, type JsonObject } from '../../encoding/index.ts';
import { established, pass, passUnless, refuse, type Stage } from '../compilation.ts';

const utf8 = new TextEncoder();
/** Bytes of UTF-8 that one UTF-16 code unit takes at most. */
const widestUnit = 3;

/** Stage 7: input schema, size, normalised form, and no literal secret. */
export const args: Stage = (compilation) => {
  const { input } = compilation;
  const { contract, checkInput } = established(compilation.capability);
  const proposed = established(compilation.intent).args;
  const { inputBytes } = contract.limits;
  if (exceeds(proposed, inputBytes)) {
    return refuse('args.invalid', `the arguments are larger than ${inputBytes} bytes`);
  }
  const misfit = checkInput(proposed);
  if (misfit !== undefined) return passUnless(misfit);
  if (input.normalised === undefined) {
    return refuse('args.invalid', 'the arguments have no normalised form');
  }
  if (!input.normalised.ok) return passUnless(input.normalised.refusal);
  const normalised = input.normalised.value;
  if (!normalised.effects.every((effect) => effects.includes(effect))) {
    return refuse('args.invalid', 'the normalised form has an effect that is not known');
  }
  const secret = findLiteral([proposed, normalised.args], input.findSecret);
  if (secret !== undefined) {
    return refuse('args.secret', `the arguments hold a literal secret (${secret})`);
  }
  compilation.normalised = normalised;
  compilation.effects = effects.filter(
    (effect) => effect === contract.effect || normalised.effects.includes(effect),
  );
  return pass;
};

function exceeds(proposed: JsonObject, bytes: number): boolean {
  const text = recordText(proposed);
  return text.length * widestUnit > bytes && utf8.encode(text).length > bytes;
}

/** What kind of secret a text in one of the objects is, keys included; each text is looked at once. */
function findLiteral(
  objects: readonly JsonObject[],
  findSecret: (text: string) => string | undefined,
): string | undefined {
  const texts = new Set<string>();
  for (const object of objects) collectTexts(object, texts);
  for (const text of texts) {
    const found = findSecret(text);
    if (found !== undefined) return found;
  }
  return undefined;
}

function collectTexts(value: Json, into: Set<string>): void {
  if (typeof value === 'string') into.add(value);
  else if (Array.isArray(value))
    for (const item of value as readonly Json[]) collectTexts(item, into);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      into.add(key);
      collectTexts(member, into);
    }
  }
}
