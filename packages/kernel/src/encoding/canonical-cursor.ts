import { sha256Hex } from '#crypto';
import type { Digest } from './digest.ts';
import type { Json, JsonObject } from './json.ts';

/** Words may be looked at that begin before the end of the text and reach over it. */
const slackBytes = 16;

const quote = 0x22;
const comma = 0x2c;
const minus = 0x2d;
const zero = 0x30;
const colon = 0x3a;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const words = { true: 0x74727565, false: 0x66616c73, null: 0x6e756c6c } as const;

/** Bytes that stand for themselves in a string: ASCII but the quote, the backslash and controls. */
const plain = new Uint8Array(256).fill(1, 0x20, 0x80);
plain[quote] = 0;
plain[backslash] = 0;

/** Pairs of lowercase hexadecimal digits, by their two bytes. */
const hexPairs = new Uint8Array(1 << 16);
const hexDigits = new TextEncoder().encode('0123456789abcdef');
for (const high of hexDigits) for (const low of hexDigits) hexPairs[(high << 8) | low] = 1;

/**
 * Reads the parts of a canonical text (JCS, integers only) one after another, each only if it stands
 * there in canonical form. What does not is left where it is, and tells nothing of why: whoever has
 * to know reads the text with `readCanonical` or `parseRecord`.
 *
 * Works on the bytes of the text between two zeros. No canonical text contains one, so that nothing
 * is read over the end; the one in front is that of `leafDigest`.
 */
export class CanonicalCursor {
  /** Offset in bytes of what is read next. Whoever goes back sets it and `shift` to what they were. */
  at = 1;
  /** By how much `at` is ahead of the same place in the text, in UTF-16 code units. */
  shift = 1;
  /** The bytes that are read, for whoever compares several at once. */
  readonly view: DataView;
  /** A part of the text that a reader has set aside, see `setAside`. */
  aside: string | undefined;
  private readonly bytes: Uint8Array;
  private readonly room: Uint8Array;
  private readonly encoder = new TextEncoder();
  private source = '';
  private end = 1;

  /** `roomBytes` is one more than the longest text that it reads has bytes of UTF-8. */
  constructor(roomBytes: number) {
    this.view = new DataView(new ArrayBuffer(1 + roomBytes + slackBytes));
    this.bytes = new Uint8Array(this.view.buffer);
    this.room = this.bytes.subarray(1, 1 + roomBytes);
  }

  /** Stands at the beginning of `text`. False for a text that is too long, or is not Unicode. */
  open(text: string): boolean {
    const roomBytes = this.room.length;
    if (text.length >= roomBytes) return false;
    const { read, written } = this.encoder.encodeInto(text, this.room);
    if (read !== text.length || written >= roomBytes) return false;
    if (written !== text.length && !text.isWellFormed()) return false;
    this.source = text;
    this.at = 1;
    this.shift = 1;
    this.end = this.at + written;
    this.view.setUint8(this.end, 0);
    this.aside = undefined;
    return true;
  }

  get isAtEnd(): boolean {
    return this.at === this.end;
  }

  /** Digest of the whole text as that of an entry; see `leafDigest`. */
  leafDigest(): Digest {
    return sha256Hex(this.bytes.subarray(0, this.end));
  }

  /**
   * The string behind `word`, four bytes that stand somewhere in the last `most` of the text, and
   * `gap` bytes more. Where it is and what is around it is not checked.
   */
  peek(word: number, gap: number, most: number): string | undefined {
    const { view, end } = this;
    let at = Math.max(1, end - most);
    while (at < end && view.getInt32(at) !== word) at += 1;
    const from = at + 4 + gap;
    for (let to = from; to < end; to += 1) {
      if (view.getUint8(to) !== quote) continue;
      const ahead = end - this.source.length;
      return this.source.slice(from - ahead, to - ahead);
    }
    return undefined;
  }

  /** Offset in the text, in UTF-16 code units. */
  get index(): number {
    return this.at - this.shift;
  }

  /** Sets aside the text from `index`, an earlier one, up to here. */
  setAside(index: number): void {
    this.aside = this.source.slice(index, this.index);
  }

  /** Whether `byte` stands here; goes on behind it. */
  takes(byte: number): boolean {
    if (this.view.getUint8(this.at) !== byte) return false;
    this.at += 1;
    return true;
  }

  /** A string. */
  text(): string | undefined {
    const { view } = this;
    if (view.getUint8(this.at) !== quote) return undefined;
    const from = this.at + 1;
    let at = from;
    while (plain[view.getUint8(at)] === 1) at += 1;
    if (view.getUint8(at) !== quote) return this.intricateText(at);
    this.at = at + 1;
    return this.source.slice(from - this.shift, at - this.shift);
  }

  /** The string `wanted`, and no other. */
  same(wanted: string): string | undefined {
    return this.text() === wanted ? wanted : undefined;
  }

  /**
   * A string of plain characters and then an even number of lowercase hexadecimal digits. Up to the
   * digits, `lead` bytes from here with the quote, it has been compared already.
   */
  hex(lead: number, digits: number): string | undefined {
    const { view, at: from } = this;
    const to = from + lead + digits;
    for (let at = from + lead; at < to; at += 2) {
      if (hexPairs[view.getUint16(at)] !== 1) return undefined;
    }
    if (view.getUint8(to) !== quote) return undefined;
    this.at = to + 1;
    return this.source.slice(from + 1 - this.shift, to - this.shift);
  }

  /** An integer from `least` to `most`, which are safe. */
  integer(least: number, most: number): number | undefined {
    const { view } = this;
    let { at } = this;
    const negative = view.getUint8(at) === minus;
    if (negative) at += 1;
    const first = at;
    let value = 0;
    let digit = view.getUint8(at) - zero;
    while (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      at += 1;
      digit = view.getUint8(at) - zero;
    }
    const leading = view.getUint8(first) === zero && (at > first + 1 || negative);
    if (at === first || at > first + 16 || leading) return undefined;
    const signed = negative ? -value : value;
    if (signed < least || signed > most) return undefined;
    this.at = at;
    return signed;
  }

  boolean(): boolean | undefined {
    const word = this.view.getInt32(this.at);
    if (word === words.true) {
      this.at += 4;
      return true;
    }
    if (word !== words.false || this.view.getUint8(this.at + 4) !== 0x65) return undefined;
    this.at += 5;
    return false;
  }

  /** Whether `null` stands here; goes on behind it. */
  takesNull(): boolean {
    if (this.view.getInt32(this.at) !== words.null) return false;
    this.at += 4;
    return true;
  }

  /** Any value, of at most `depth` arrays and objects one in another. */
  any(depth: number): Json | undefined {
    const first = this.view.getUint8(this.at);
    if (first === quote) return this.text();
    if (first === openBrace) return depth > 0 ? this.members(depth - 1) : undefined;
    if (first === openBracket) return depth > 0 ? this.items(depth - 1) : undefined;
    if (this.takesNull()) return null;
    return this.boolean() ?? this.integer(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  }

  private items(depth: number): Json[] | undefined {
    this.at += 1;
    const items: Json[] = [];
    if (this.takes(closeBracket)) return items;
    do {
      const item = this.any(depth);
      if (item === undefined) return undefined;
      items.push(item);
    } while (this.takes(comma));
    return this.takes(closeBracket) ? items : undefined;
  }

  private members(depth: number): JsonObject | undefined {
    this.at += 1;
    const members: Record<string, Json> = {};
    if (this.takes(closeBrace)) return members;
    let last: string | undefined;
    do {
      const name = this.text();
      if (name === undefined || (last !== undefined && name <= last)) return undefined;
      if (!this.takes(colon)) return undefined;
      const value = this.any(depth);
      if (value === undefined) return undefined;
      if (name === '__proto__') own(members, name, value);
      else members[name] = value;
      last = name;
    } while (this.takes(comma));
    return this.takes(closeBrace) ? members : undefined;
  }

  /** A string with escapes or with more than ASCII, of which everything before `at` is plain. */
  private intricateText(at: number): string | undefined {
    const { view } = this;
    const from = this.index;
    let { shift } = this;
    let escaped = false;
    for (let byte = view.getUint8(at); byte !== quote; byte = view.getUint8(at)) {
      if (byte < 0x20) return undefined;
      if (byte === backslash) {
        escaped = true;
        at += 1;
        if (view.getUint8(at) === 0) return undefined;
      }
      shift += aheadBy(byte);
      at += 1;
    }
    const written = this.source.slice(from, at + 1 - shift);
    const value = escaped ? unescaped(written) : written.slice(1, -1);
    this.at = at + 1;
    this.shift = shift;
    return value;
  }
}

/** Defines a member that an assignment would not. */
function own(members: Record<string, Json>, name: string, value: Json): void {
  Object.defineProperty(members, name, {
    value,
    configurable: true,
    enumerable: true,
    writable: true,
  });
}

/** A byte that goes on a character adds no code unit, and of four bytes there are two units. */
function aheadBy(byte: number): number {
  if (byte < 0x80) return 0;
  if (byte < 0xc0) return 1;
  return byte < 0xf0 ? 0 : -1;
}

/** The string that is written so; undefined for what is broken, or would be written otherwise. */
function unescaped(written: string): string | undefined {
  try {
    const value = JSON.parse(written) as string;
    // What the platform writes of a string is JCS, lone surrogates aside.
    return JSON.stringify(value) === written && value.isWellFormed() ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
