import type { Digest } from './digest.ts';

/** The number that eight digits write: the codes of a to f end in 1 to 6, and have a bit that 0 to 9 have not. */
export function wordAt(digest: Digest, from: number): number {
  let word = 0;
  for (let at = from; at < from + 8; at += 1) {
    const code = digest.charCodeAt(at);
    word = (word << 4) | ((code & 15) + (code >> 6) * 9);
  }
  return word;
}

/** The eight digits of a word without a sign. */
export function wordText(word: number): string {
  return word.toString(16).padStart(8, '0');
}
