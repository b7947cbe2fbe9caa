import { context } from './detector.ts';
import { eachSign, longestBefore } from './detectors.ts';
import { knownUpTo, placesIn, replaced, type Redacted, type Sought } from './place.ts';
import { signChars } from './signs.ts';

/** A text that arrives in chunks, redacted as if it had come whole, however it was cut. */
export interface RedactedStream {
  /** What may be shown after this chunk: all of the text but an end that a secret may begin in. */
  readonly write: (chunk: string) => Redacted<string>;
  /** The rest. */
  readonly end: () => Redacted<string>;
}

export function redactedStream(sought: Sought): RedactedStream {
  /** What is not shown yet, after as much as a detector looks back at. */
  let held = '';
  let shown = 0;

  const showUpTo = (wanted: number): Redacted<string> => {
    const places = placesIn(held, sought).filter(({ start }) => start >= shown);
    // A place is shown whole, with what it was known by; the ones after it may overlap that.
    let cut = wanted;
    for (const { start, to } of places.toReversed()) {
      if (start < cut && to > cut) cut = start;
    }
    const inside = places
      .filter(({ to }) => to <= cut)
      .map((place) => ({ ...place, from: place.from - shown, to: place.to - shown }));
    const redacted = replaced(held.slice(shown, cut), inside);
    const from = Math.max(0, cut - context);
    held = held.slice(from);
    shown = cut - from;
    return redacted;
  };

  return {
    write: (chunk) => {
      held += chunk;
      return showUpTo(Math.max(shown, settledUpTo(held, shown, sought)));
    },
    end: () => showUpTo(held.length),
  };
}

/** Up to where no secret can begin that needs more text to be known. */
function settledUpTo(text: string, from: number, sought: Sought): number {
  const unread = longestBefore() + signChars - 1;
  let settled = Math.min(text.length - unread, knownUpTo(text, sought));
  eachSign(text, (at, detectors) => {
    for (const { before, reach } of detectors) {
      const start = at - before;
      if (start >= from && start < settled && start + reach > text.length) settled = start;
    }
  });
  return settled;
}
