import { Fault } from '../refusal/index.ts';

/** Deepest nesting of arrays and objects that a recorded body may have. */
export const maxDepth = 64;

const escapes = /["\\\u0000-\u001f]/;

function quote(text: string): string {
  if (!text.isWellFormed()) throw new Fault('a string holds a lone surrogate');
  return escapes.test(text) ? JSON.stringify(text) : `"${text}"`;
}

type NumberRule = (value: number) => string;

const anyFinite: NumberRule = (value) => {
  if (!Number.isFinite(value)) throw new Fault('a number is not finite');
  return JSON.stringify(value);
};

const integerOnly: NumberRule = (value) => {
  if (!Number.isSafeInteger(value)) throw new Fault('a recorded number is not a safe integer');
  return Object.is(value, -0) ? '0' : String(value);
};

/** `depth` is the nesting that is still permitted. */
function write(value: unknown, depth: number, numbers: NumberRule): string {
  switch (typeof value) {
    case 'string':
      return quote(value);
    case 'number':
      return numbers(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      if (depth === 0) throw new Fault('nested too deeply');
      return Array.isArray(value)
        ? writeArray(value, depth - 1, numbers)
        : writeObject(value, depth - 1, numbers);
    case 'bigint':
    case 'function':
    case 'symbol':
    case 'undefined':
      throw new Fault(`a value of type ${typeof value} is not JSON`);
  }
}

function writeArray(items: readonly unknown[], depth: number, numbers: NumberRule): string {
  let text = '[';
  for (let index = 0; index < items.length; index += 1) {
    if (index > 0) text += ',';
    text += write(items[index], depth, numbers);
  }
  return `${text}]`;
}

const quotedNames = new Map<string, string>();
const namesKept = 4_096;

/** A member's name with its colon. Names are few and come again and again, so they are kept. */
function quoteName(name: string): string {
  const known = quotedNames.get(name);
  if (known !== undefined) return known;
  const quoted = `${quote(name)}:`;
  if (quotedNames.size >= namesKept) quotedNames.clear();
  quotedNames.set(name, quoted);
  return quoted;
}

/**
 * In the default order of strings, that of their UTF-16 code units, as RFC 8785 asks. Objects of a few
 * members are by far the most, and sorting these in place makes no garbage.
 */
function sortedKeys(record: object): readonly string[] {
  const keys = Object.keys(record);
  if (keys.length > fewKeys) return keys.sort();
  for (let end = 1; end < keys.length; end += 1) {
    const key = keys[end] as string;
    let at = end;
    for (; at > 0 && (keys[at - 1] as string) > key; at -= 1) keys[at] = keys[at - 1] as string;
    keys[at] = key;
  }
  return keys;
}

const fewKeys = 16;

function writeObject(object: object, depth: number, numbers: NumberRule): string {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new Fault('an object of a class is not JSON');
  }
  const record = object as Readonly<Record<string, unknown>>;
  const keys = sortedKeys(record);
  let text = '{';
  for (const key of keys) {
    const value = record[key];
    if (value === undefined) continue;
    if (text.length > 1) text += ',';
    text += quoteName(key) + write(value, depth, numbers);
  }
  return `${text}}`;
}

/**
 * Text of a value by JCS (RFC 8785). Members that are undefined are left out.
 * @throws {Fault} for what I-JSON cannot hold: NaN, infinities, lone surrogates, functions.
 */
export function canonicalText(value: unknown): string {
  return write(value, maxDepth, anyFinite);
}

/**
 * Text of a value that is to be recorded: JCS, and integers only (within ±(2⁵³−1)).
 * @throws {Fault} like `canonicalText`, for a fraction, and for nesting over `depth`.
 */
export function recordText(value: unknown, depth = maxDepth): string {
  return write(value, depth, integerOnly);
}
