import type { Found } from './detector.ts';
import { isRandom } from './randomness.ts';
import { charsOf, type Run } from './shape.ts';

/** Bits of a character of base64 that a shape gives. */
const givenBits = 6;
/** In base64 it means more: no data goes on like that. */
const signBits = 2 * givenBits;
/** How rare a shape has to be behind a character of another class than its first, and of any. */
const leastBits = 3 * givenBits;
const enoughBits = 4 * givenBits;
/** As rare as this it is whatever follows, and wherever it stands. */
const mostBits = 6 * givenBits;

/** So long a row of characters of base64 is data. */
const data = /[A-Za-z0-9+/]{40}$/;
const dataChars = 40;

/**
 * Judges tokens that stand directly behind a letter or digit, as where a file without an end of its
 * last line is followed by another. Words end like the beginning of many a token, and data in base64
 * holds it, so it has to be rarer than that. Undefined for a shape of which none is.
 */
export function gluedJudge(runs: readonly Run[]): ((found: Found) => boolean) | undefined {
  const bits = bitsOf(runs);
  if (bits < leastBits) return undefined;
  const looksDrawn = bits < mostBits ? isRandom : isMixed;
  const mayBeData =
    bits < mostBits && runs.filter(isGiven).every(({ set }) => /^[A-Za-z0-9]+$/.test(set));
  const begins = startJudge(runs, bits);
  const given = runs.findIndex((run) => !isGiven(run));
  return ({ text, match: { index }, secret }) =>
    looksDrawn(secret.slice(given)) &&
    !(mayBeData && data.test(text.slice(Math.max(0, index - dataChars), index))) &&
    begins(text.charAt(index - 1), secret);
}

/** Whether a token may begin behind a letter or digit. */
function startJudge(
  runs: readonly Run[],
  bits: number,
): (before: string, secret: string) => boolean {
  const [first] = runs;
  if (first !== undefined && !isGiven(first)) {
    // What stands before may belong to what it begins with, and a longer hash is none.
    const given = bitsOf(runs.filter(isGiven));
    const chars = charsOf(first.set);
    const isOwn = given >= (hex.test(first.set) ? enoughBits : leastBits);
    return (before) => isOwn || (bits >= enoughBits && !chars.includes(before));
  }
  const isRare = bits >= enoughBits && !isNamedHash(runs);
  return (before, secret) => isRare || classOf(before) !== classOf(secret);
}

/** A character of the shape, or one of few. */
function isGiven(run: Run): boolean {
  return run.most === 1;
}

/** How rare a shape is among random characters of base64. */
function bitsOf(runs: readonly Run[]): number {
  return runs.reduce((sum, { set, isLiteral, least }) => {
    if (isLiteral) return sum + (/\w|-/.test(set) ? givenBits : signBits);
    return sum + least * Math.max(0, givenBits - Math.log2(charsOf(set).length));
  }, 0);
}

const hex = /^0-9a-f/;

/** Whether it is a name and a hash, as of files that are named by their content. */
function isNamedHash(runs: readonly Run[]): boolean {
  const drawn = runs.findIndex((run) => !isGiven(run));
  const last = runs[drawn - 1];
  const isSeparated = last !== undefined && !/[A-Za-z0-9]/.test(last.set);
  return isSeparated && runs.slice(drawn).every(({ set }) => hex.test(set));
}

/** As a hash or a key is, and few words are. */
function isMixed(text: string): boolean {
  return /\d/.test(text) && /[A-Za-z]/.test(text);
}

/** A word is of one class, but for its first letter. */
function classOf(text: string): string {
  const char = text.charAt(0);
  if (/\d/.test(char)) return 'digit';
  if (/[a-z]/.test(char)) return 'lower';
  return /[A-Z]/.test(char) ? 'upper' : 'other';
}
