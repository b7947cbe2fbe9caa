/*
 * The language in which formats of tokens are written down:
 *
 *   ghp_<w36>              a literal, then 36 letters or digits
 *   key-<h32>-us<d1-2>     one or two digits
 *   rk_{live|test}_<w16+>  either word, then 16 or more
 *   snyk-<uuid>            a UUID
 *   [MNO]<w23>             one of three letters
 */

/** Characters that a class of a shape stands for, by its letter. */
const classes: Readonly<Record<string, string>> = {
  d: '0-9',
  l: 'a-z',
  h: '0-9a-f',
  H: '0-9A-F',
  x: '0-9a-fA-F',
  a: 'a-z0-9',
  A: 'A-Z0-9',
  /** Base32 of RFC 4648. */
  q: 'A-Z2-7',
  w: 'A-Za-z0-9',
  /** Base64 for URLs. */
  u: 'A-Za-z0-9_-',
  /** Base64, without its padding. */
  b: 'A-Za-z0-9+/',
  /** Base64 for URLs, its padding, and what joins parts of tokens. */
  p: 'A-Za-z0-9_.=-',
  s: 'A-Za-z0-9_.=+/~-',
};

/** Most characters of a run that has no longest length. */
const openRun = 512;

/** A run of characters of one set; a literal is a run of one. */
export interface Run {
  /** The set, as it stands between the brackets of a regular expression. */
  readonly set: string;
  readonly isLiteral: boolean;
  readonly least: number;
  readonly most: number;
}

/** Every way to choose between the words in braces. */
export function alternativesOf(shape: string): readonly string[] {
  const [all, inner] = /\{([^{}]*)\}/.exec(shape) ?? [];
  if (all === undefined || inner === undefined) return [shape];
  // The replacement is a function, since a dollar sign would mean something in a text.
  return inner.split('|').flatMap((word) => alternativesOf(shape.replace(all, () => word)));
}

/** Reads a shape without braces. @throws {Error} when it is none. */
export function runsOf(shape: string): readonly Run[] {
  const spelled = shape.replaceAll('<uuid>', '<x8>-<x4>-<x4>-<x4>-<x12>');
  const runs: Run[] = [];
  const part = /<([a-zA-Z])(\d+)(?:(\+)|-(\d+))?>|\[(\w+)\]|([^<>[\]])/y;
  while (part.lastIndex < spelled.length) {
    const [, name, least, open, most, choice, literal] = part.exec(spelled) ?? [];
    if (literal !== undefined) {
      runs.push({ set: escaped(literal), isLiteral: true, least: 1, most: 1 });
      continue;
    }
    if (choice !== undefined) {
      runs.push({ set: choice, isLiteral: false, least: 1, most: 1 });
      continue;
    }
    const set = name === undefined ? undefined : classes[name];
    if (set === undefined) throw new Error(`${shape} is not the shape of a token`);
    const from = Number(least);
    const to = open === undefined ? Number(most ?? least) : Math.max(openRun, from);
    runs.push({ set, isLiteral: false, least: from, most: to });
  }
  return runs;
}

function escaped(char: string): string {
  return /[\w]/.test(char) ? char : `\\${char}`;
}

/** Source of a regular expression that finds what has the shape. */
export function sourceOf(runs: readonly Run[]): string {
  return runs
    .map(({ set, isLiteral, least, most }) => {
      if (isLiteral) return set;
      return least === most ? `[${set}]{${least}}` : `[${set}]{${least},${most}}`;
    })
    .join('');
}

/** The characters of a set, spelled out. */
export function charsOf(set: string): readonly string[] {
  const known = spelled.get(set);
  if (known !== undefined) return known;
  const pattern = new RegExp(`[${set}]`);
  const chars = ascii.filter((char) => pattern.test(char));
  spelled.set(set, chars);
  return chars;
}

const spelled = new Map<string, readonly string[]>();

const ascii = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));
