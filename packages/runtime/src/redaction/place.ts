import type { Detector } from './detector.ts';
import { eachSign, mayHoldSecret, namedKind } from './detectors.ts';
import { endOfDumpLine, isOfBytes, viewOf, type Folding } from './folding.ts';
import { minSecretChars } from './secret-forms.ts';

/** A place to replace, in UTF-16 units. */
export interface Place {
  /** Where what shows it begins: a name, or the start of a command; often `from`. */
  readonly start: number;
  readonly from: number;
  readonly to: number;
  readonly kind: string;
}

/** What is looked for. */
export interface Sought {
  /** Texts that give a known value away, shorter ones first. */
  readonly needles: readonly string[];
  /** The same for a text in which a folding was undone. */
  readonly folded: readonly Folded[];
  /** Whether also what looks like a secret. */
  readonly looks: boolean;
}

export interface Folded {
  readonly folding: Folding;
  /** Shorter ones first. */
  readonly needles: readonly string[];
}

/**
 * All places that show a secret, joined where they overlap. Each is found by what stands at it and
 * near it alone, whatever was found before, so a text can be looked at part by part.
 */
export function placesIn(text: string, { needles, folded, looks }: Sought): readonly Place[] {
  if (text.length < minSecretChars) return [];
  const places: Place[] = [];
  eachKnown(text, needles, (from, to) => {
    places.push({ start: from, from, to, kind: 'known' });
  });
  for (const each of folded) addFolded(places, text, each);
  if (looks && mayHoldSecret(text)) {
    eachSign(text, (at, detectors) => {
      for (const detector of detectors) addDetected(places, text, at - detector.before, detector);
    });
  }
  return merged(places);
}

function eachKnown(
  text: string,
  needles: readonly string[],
  tell: (from: number, to: number) => void,
): void {
  for (const needle of needles) {
    if (needle.length > text.length) break;
    // By one place further, not by the needle's length: occurrences may overlap.
    for (let from = text.indexOf(needle); from >= 0; from = text.indexOf(needle, from + 1)) {
      tell(from, from + needle.length);
    }
  }
}

function addFolded(places: Place[], text: string, { folding, needles }: Folded): void {
  const [shortest] = needles;
  // Nothing grows longer when it is undone.
  if (shortest === undefined || text.length < shortest.length) return;
  const view = viewOf(text, folding);
  if (view === undefined) return;
  eachKnown(view.text, needles, (first, end) => {
    const { from, to } = view.origin(first, end);
    const last = isOfBytes(folding) ? endOfDumpLine(text, to) : to;
    places.push({ start: from, from, to: last, kind: 'known' });
  });
}

/** Up to where no known value can begin whose end is still to come. */
export function knownUpTo(text: string, { needles, folded }: Sought): number {
  let settled = text.length - longestOf(needles) + 1;
  for (const { folding, needles: own } of folded) {
    const view = own.length === 0 ? undefined : viewOf(text, folding);
    const unread = longestOf(own) + folding.unread - 1;
    const from =
      view === undefined
        ? text.length - unread
        : view.origin(Math.max(0, view.text.length - unread), view.text.length).from;
    settled = Math.min(settled, from);
  }
  return settled;
}

function longestOf(needles: readonly string[]): number {
  return needles.reduce((most, { length }) => Math.max(most, length), 1);
}

function addDetected(places: Place[], text: string, start: number, detector: Detector): void {
  if (start < 0) return;
  const { kind } = detector;
  const pattern = detector.pattern();
  pattern.lastIndex = start;
  const match = pattern.exec(text);
  if (match === null) return;
  const secret = match.groups?.['secret'] ?? match[0];
  const to = start + match[0].length;
  if (detector.judge({ text, match, secret })) {
    places.push({ start, from: to - secret.length, to, kind });
  }
}

/** Shorter texts are not cut: every limit of an output is higher. */
const leastCutChars = 4_096;

/**
 * The beginning of a known value with which a long text ends, as an output does that was cut at a
 * limit. A stream is not cut, so this is no part of `placesIn`.
 */
export function cutOff(text: string, { needles, folded }: Sought): readonly Place[] {
  if (text.length < leastCutChars) return [];
  let from = cutAt(text, needles) ?? text.length;
  const before = text.length - leastCutChars;
  for (const { folding, needles: own } of folded) {
    const view = viewOf(text.slice(before), folding);
    const at = view === undefined ? undefined : cutAt(view.text, own);
    if (view === undefined || at === undefined) continue;
    from = Math.min(from, before + view.origin(at, view.text.length).from);
  }
  if (from === text.length) return [];
  return [{ start: from, from, to: text.length, kind: 'known' }];
}

/** Where the longest beginning of a known value stands with which a text ends. */
function cutAt(text: string, needles: readonly string[]): number | undefined {
  const last = text.at(-1);
  let longest = 0;
  for (const needle of needles) {
    const most = Math.min(needle.length - 1, text.length);
    for (let length = most; length >= Math.max(minSecretChars, longest); length -= 1) {
      if (needle[length - 1] !== last || !text.endsWith(needle.slice(0, length))) continue;
      longest = length;
      break;
    }
  }
  return longest === 0 ? undefined : text.length - longest;
}

/**
 * What is left of one secret beside another would still tell. The look of a token says more of it
 * than its name.
 */
export function merged(found: Place[]): readonly Place[] {
  if (found.length < 2) return found;
  const places: Place[] = [];
  for (const place of found.sort((a, b) => a.from - b.from || b.to - a.to)) {
    const last = places.at(-1);
    if (last !== undefined && place.from < last.to) {
      places[places.length - 1] = {
        start: Math.min(last.start, place.start),
        from: last.from,
        to: Math.max(last.to, place.to),
        kind: last.kind === namedKind ? place.kind : last.kind,
      };
    } else {
      places.push(place);
    }
  }
  return places;
}

export interface Redacted<T> {
  readonly value: T;
  /** Number of places that were replaced. */
  readonly count: number;
}

/** The text with a mark in each place. */
export function replaced(text: string, places: readonly Place[]): Redacted<string> {
  if (places.length === 0) return { value: text, count: 0 };
  let value = '';
  let at = 0;
  for (const { from, to, kind } of places) {
    value += `${text.slice(at, from)}[redacted:${kind}]`;
    at = to;
  }
  return { value: value + text.slice(at), count: places.length };
}
