/** Bits a character, by how often each occurs. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) {
    const share = count / text.length;
    bits -= share * Math.log2(share);
  }
  return bits;
}

const words = /[A-Z]?[a-z]+|[A-Z]+|\d+/g;
/** Letters and digits in one go, on average: random text has fewer than three, words of people more. */
const longestMeanRun = 3.4;

/** As much of a text tells what the rest is like. */
const enough = 128;

/** Whether a text looks drawn at random, and not written: letters and digits mixed, without words. */
export function isRandom(whole: string): boolean {
  const text = whole.slice(0, enough);
  if (!/\d/.test(text) || !/[A-Za-z]/.test(text)) return false;
  const runs = text.match(words) ?? [];
  const chars = runs.reduce((sum, run) => sum + run.length, 0);
  if (chars / runs.length > longestMeanRun) return false;
  return entropyOf(text) >= leastEntropy(text.length);
}

/** A text of few characters cannot have much; a long one of hexadecimal digits has 3.5 to 4. */
function leastEntropy(length: number): number {
  if (length < 20) return 2.8;
  return length < 32 ? 3 : 3.2;
}
