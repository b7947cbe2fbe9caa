import { readFileSync } from 'node:fs';

/** How one format of secrets is written; see tests/vectors/secrets/README.md. */
export interface CorpusFormat {
  readonly format: string;
  readonly parts: readonly (string | { readonly of: string; readonly length?: number })[];
  /** The name that it is given, for a format that is known by nothing else. */
  readonly name?: string;
}

/** A made-up secret of a format, with its parts that were drawn. */
export interface Sample {
  readonly text: string;
  readonly drawn: readonly string[];
}

export const corpus: readonly CorpusFormat[] = JSON.parse(
  readFileSync(new URL('../vectors/secrets/formats.json', import.meta.url), 'utf8'),
) as readonly CorpusFormat[];

const digits = '0123456789';
const lower = 'abcdefghijklmnopqrstuvwxyz';
const base62 = digits + lower + lower.toUpperCase();
const sets: Readonly<Record<string, string>> = {
  digits,
  hex: `${digits}abcdef`,
  HEX: `${digits}ABCDEF`,
  hexh: `${digits}abcdefgh`,
  base36: digits + lower,
  BASE36: digits + lower.toUpperCase(),
  BASE32: `${lower.toUpperCase()}234567`,
  base32l: `${lower}234567`,
  base62,
  base64: `${base62}+/`,
  base64url: `${base62}-_`,
};

/** Draws numbers below one, the same for the same seed (mulberry32). */
export function randomOf(seed: string): () => number {
  let state = 0;
  for (const char of seed) state = (Math.imul(state, 31) + char.charCodeAt(0)) | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function sampleOf({ parts }: CorpusFormat, random: () => number): Sample {
  const drawn: string[] = [];
  const text = parts.map((part) => {
    if (typeof part === 'string') return part;
    const filled = draw(part.of, part.length ?? 0, random);
    drawn.push(filled);
    return filled;
  });
  return { text: text.join(''), drawn };
}

function draw(of: string, length: number, random: () => number): string {
  switch (of) {
    case 'uuid':
      return [8, 4, 4, 4, 12].map((count) => draw('hex', count, random)).join('-');
    case 'jwt':
      return [{ alg: 'HS256' }, { sub: draw('hex', 24, random) }]
        .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
        .concat(draw('base64url', 43, random))
        .join('.');
    case 'password':
      return `${draw('base62', 7, random)}!${draw('base62', 3, random)}${draw('digits', 1, random)}`;
    default: {
      const set = sets[of];
      if (set === undefined) throw new Error(`${of} is no set of the corpus`);
      return Array.from({ length }, () => set.charAt(Math.floor(random() * set.length))).join('');
    }
  }
}
