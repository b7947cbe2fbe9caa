/** Characters of a sign, and bits of a character that it keeps. */
export const signChars = 4;
const foldBits = 5;
const fold = (1 << foldBits) - 1;
const signs = 1 << (signChars * foldBits);

/**
 * What four characters look like when only the low five bits of each are seen: the same for
 * upper and lower case, and for some others, which costs a look and no more.
 */
function signOf(chars: string): number {
  let sign = 0;
  for (let at = 0; at < signChars; at += 1) sign = shifted(sign, chars.charCodeAt(at));
  return sign;
}

function shifted(sign: number, code: number): number {
  return ((sign << foldBits) | (code & fold)) & (signs - 1);
}

/** How often each folded character stands in sources, of a thousand; only the order matters. */
const commonness = [
  92, 50, 16, 33, 27, 95, 20, 15, 28, 68, 33, 6, 42, 20, 69, 61, 28, 4, 59, 53, 72, 20, 8, 6, 7, 12,
  6, 17, 3, 18, 2, 11,
];

const rates = new WeakMap<readonly string[], number>();

/** How often, about, a place shows a character of a set. */
function rateOf(chars: readonly string[]): number {
  const known = rates.get(chars);
  if (known !== undefined) return known;
  let sum = 0;
  for (const code of new Set(chars.map((char) => char.charCodeAt(0) & fold))) {
    sum += commonness[code] ?? 0;
  }
  rates.set(chars, sum / 1_000);
  return sum / 1_000;
}

/** Signs to look for, and how many characters after the start of a match they stand. */
export interface SignsAt {
  readonly at: number;
  readonly signs: readonly number[];
}

/** More signs than these for one look would be met everywhere. */
const mostSigns = 4_096;

/** The signs of the window of four places that is met least, of the sets of a look's first places. */
export function rarestSigns(sets: readonly (readonly string[])[]): SignsAt {
  const rateAt = sets.map(rateOf);
  let best: { readonly at: number; readonly rate: number } | undefined;
  for (let at = 0; at + signChars <= sets.length; at += 1) {
    let rate = 1;
    let count = 1;
    for (let nth = at; nth < at + signChars; nth += 1) {
      rate *= rateAt[nth] ?? 1;
      count *= Math.min(sets[nth]?.length ?? 1, fold + 1);
    }
    if (count <= mostSigns && rate < (best?.rate ?? Infinity)) best = { at, rate };
  }
  if (best === undefined) throw new Error('a look has no four characters to know it by');
  let texts = [''];
  for (const chars of sets.slice(best.at, best.at + signChars)) {
    const folded = new Map(chars.map((char) => [char.charCodeAt(0) & fold, char]));
    texts = texts.flatMap((text) => [...folded.values()].map((char) => text + char));
  }
  return { at: best.at, signs: texts.map(signOf) };
}

/** Characters of which each folded one is shown once. */
export const anyChars = Array.from({ length: fold + 1 }, (_, code) => String.fromCharCode(code));

/** A set of signs that is asked for at every character of every text, so it is a table. */
export class SignTable {
  readonly #marked = new Uint8Array(signs);

  add(sign: number): void {
    this.#marked[sign] = 1;
  }

  /** Whether a sign of the set stands anywhere. */
  in(text: string): boolean {
    return this.#nextEnd(text, 0) >= 0;
  }

  /** Where the first sign of the set ends that begins at or after `from`, or -1. */
  #nextEnd(text: string, from: number): number {
    const marked = this.#marked;
    const { length } = text;
    let sign = 0;
    // A sign that is not whole yet may be in the set too; the place then shows that it is none.
    for (let at = from; at < length; at += 1) {
      sign = ((sign << foldBits) | (text.charCodeAt(at) & fold)) & (signs - 1);
      if (marked[sign] === 1 && at - from >= signChars - 1) return at;
    }
    return -1;
  }

  /** Tells each place where a sign of the set stands, with the sign. */
  each(text: string, tell: (at: number, sign: number) => void): void {
    for (let end = this.#nextEnd(text, 0); end >= 0;) {
      const at = end - signChars + 1;
      tell(at, signOf(text.slice(at, end + 1)));
      end = this.#nextEnd(text, at + 1);
    }
  }
}
