import { Fault, done, refused, type Result } from '../refusal/index.ts';
import { maxDepth } from './canonical.ts';
import type { Json } from './json.ts';

/**
 * Strict reader of JSON that is to be recorded. Unlike `JSON.parse` it refuses duplicate keys,
 * numbers that are not safe integers written plainly, lone surrogates, and nesting over `maxDepth`.
 * Refuses with `json.invalid`, naming the offset.
 */
export function parseRecord(text: string): Result<Json> {
  const reader = new Reader(text);
  try {
    return done(reader.document());
  } catch (error) {
    if (error instanceof Misread) return refused('json.invalid', error.message);
    throw error;
  }
}

class Misread extends Error {}

const blank = /[ \t\n\r]*/y;
const plainInteger = /-?(?:0|[1-9][0-9]*)(?![0-9.eE])/y;
/** One class alone: a star over alternatives keeps every character to go back to, and has not the room. */
const plainChars = /[^"\\\u0000-\u001f]*/y;
const unicodeEscape = /\\u[0-9a-fA-F]{4}/y;
const literals: Readonly<Record<string, Json>> = { true: true, false: false, null: null };

class Reader {
  private at = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  document(): Json {
    const value = this.value(0);
    this.skip();
    if (this.at < this.text.length) throw this.misread('text after the value');
    return value;
  }

  private misread(what: string): Misread {
    return new Misread(`${what} at offset ${this.at}`);
  }

  private skip(): void {
    blank.lastIndex = this.at;
    blank.exec(this.text);
    this.at = blank.lastIndex;
  }

  private match(form: RegExp): string | undefined {
    form.lastIndex = this.at;
    const found = form.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private take(char: string): boolean {
    this.skip();
    if (this.text[this.at] !== char) return false;
    this.at += 1;
    return true;
  }

  private value(depth: number): Json {
    this.skip();
    const first = this.text[this.at];
    if (first === '{' || first === '[') {
      if (depth >= maxDepth) throw this.misread(`nested deeper than ${maxDepth}`);
      this.at += 1;
      return first === '{' ? this.members(depth + 1) : this.items(depth + 1);
    }
    if (first === '"') return this.string();
    for (const [word, value] of Object.entries(literals)) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    }
    return this.integer();
  }

  private integer(): number {
    const written = this.match(plainInteger);
    if (written === undefined) throw this.misread('not an integer, string, object or array');
    const value = Number(written);
    if (written === '-0') throw this.misread('a negative zero');
    if (!Number.isSafeInteger(value)) throw this.misread('an integer beyond ±(2^53-1)');
    return value;
  }

  private string(): string {
    const end = this.endOfString();
    if (end === undefined) throw this.misread('a broken string');
    const value: unknown = JSON.parse(this.text.slice(this.at, end));
    this.at = end;
    if (typeof value !== 'string') throw new Fault('a string literal did not read as a string');
    if (!value.isWellFormed()) throw this.misread('a lone surrogate');
    return value;
  }

  /** Where the string ends that begins here; undefined where it is none. */
  private endOfString(): number | undefined {
    const { text } = this;
    if (text[this.at] !== '"') return undefined;
    let at = this.at + 1;
    for (;;) {
      const char = text[at];
      if (char === '"') return at + 1;
      const next = char === '\\' ? afterEscape(text, at) : afterPlain(text, at);
      if (next === at) return undefined;
      at = next;
    }
  }

  private items(depth: number): Json[] {
    const items: Json[] = [];
    if (this.take(']')) return items;
    do items.push(this.value(depth));
    while (this.take(','));
    if (!this.take(']')) throw this.misread('an array that is not closed');
    return items;
  }

  private members(depth: number): Json {
    const object = new Map<string, Json>();
    if (this.take('}')) return {};
    do {
      this.skip();
      const key = this.string();
      if (object.has(key)) throw this.misread('a duplicate key');
      if (!this.take(':')) throw this.misread('a key without a value');
      object.set(key, this.value(depth));
    } while (this.take(','));
    if (!this.take('}')) throw this.misread('an object that is not closed');
    // `fromEntries` defines own properties, so a key such as __proto__ stays data.
    return Object.fromEntries(object);
  }
}

/** Where the characters end that stand for themselves; `at` where there are none. */
function afterPlain(text: string, at: number): number {
  plainChars.lastIndex = at;
  plainChars.test(text);
  return plainChars.lastIndex;
}

/** Where an escape ends that begins at `at`; `at` where it is none. */
function afterEscape(text: string, at: number): number {
  const escaped = text[at + 1];
  if (escaped !== undefined && '"\\/bfnrt'.includes(escaped)) return at + 2;
  unicodeEscape.lastIndex = at;
  return unicodeEscape.test(text) ? at + '\\uXXXX'.length : at;
}
