import { type Json, type JsonObject } from '@chancery/kernel/encoding';
import { mayHoldSecret, secretDetectors, type SecretDetector } from './secret-detectors.ts';
import { minSecretChars, secretForms } from './secret-forms.ts';

export interface Redacted<T> {
  readonly value: T;
  /** Number of places that were replaced. */
  readonly count: number;
}

export interface Redactor {
  /**
   * The value with `[redacted:<kind>]` in the place of every secret, in object keys too. Keys that
   * become equal are kept apart by a number; a number that shows a secret becomes a string.
   */
  readonly redact: (value: Json) => Redacted<Json>;
  readonly redactText: (text: string) => Redacted<string>;
  /** Kind of the first secret that the text holds literally, `known` for a known value. */
  readonly findSecret: (text: string) => string | undefined;
}

export interface RedactorOptions {
  /** Values that must never be shown; those under 8 characters cannot be guarded and are ignored. */
  readonly secrets: readonly string[];
}

/** A place to replace, in UTF-16 units. */
interface Place {
  readonly from: number;
  readonly to: number;
  readonly kind: string;
}

/**
 * Finds known secret values in every common encoding, and secrets of known looks. Takes time linear
 * in the text for a given set of secrets.
 */
export function redactor(options: RedactorOptions): Redactor {
  const known = options.secrets
    .filter((secret) => secret.length >= minSecretChars)
    .flatMap(secretForms);
  const needles = [...new Set(known)];
  const redactText = (text: string): Redacted<string> => replace(text, placesIn(text, needles));
  return {
    redact: (value) => redactJson(value, redactText),
    redactText,
    findSecret: (text) => placesIn(text, needles)[0]?.kind,
  };
}

function placesIn(text: string, needles: readonly string[]): readonly Place[] {
  if (text.length < minSecretChars) return [];
  const places: Place[] = [];
  for (const needle of needles) addKnown(places, text, needle);
  if (mayHoldSecret(text)) {
    places.push(...secretDetectors.flatMap((detector) => detectedPlaces(text, detector)));
  }
  if (places.length === 0) return places;
  return merged(places.sort((a, b) => a.from - b.from || b.to - a.to));
}

function addKnown(places: Place[], text: string, needle: string): void {
  // By one place further, not by the needle's length: occurrences may overlap.
  for (let from = text.indexOf(needle); from >= 0; from = text.indexOf(needle, from + 1)) {
    places.push({ from, to: from + needle.length, kind: 'known' });
  }
}

function detectedPlaces(text: string, { kind, pattern }: SecretDetector): Place[] {
  return Array.from(text.matchAll(pattern), (match) => {
    const [from, to] = match.indices?.groups?.['secret'] ?? [
      match.index,
      match.index + match[0].length,
    ];
    return { from, to, kind };
  });
}

/** Joins places that overlap; what is left of one secret beside another would still tell. */
function merged(sorted: readonly Place[]): readonly Place[] {
  const places: Place[] = [];
  for (const place of sorted) {
    const last = places.at(-1);
    if (last !== undefined && place.from < last.to) {
      places[places.length - 1] = { ...last, to: Math.max(last.to, place.to) };
    } else {
      places.push(place);
    }
  }
  return places;
}

function replace(text: string, places: readonly Place[]): Redacted<string> {
  if (places.length === 0) return { value: text, count: 0 };
  let value = '';
  let at = 0;
  for (const { from, to, kind } of places) {
    value += `${text.slice(at, from)}[redacted:${kind}]`;
    at = to;
  }
  return { value: value + text.slice(at), count: places.length };
}

type RedactText = (text: string) => Redacted<string>;

function redactJson(value: Json, redactText: RedactText): Redacted<Json> {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'number') {
    const shown = redactText(String(value));
    return shown.count > 0 ? shown : { value, count: 0 };
  }
  if (typeof value !== 'object' || value === null) return { value, count: 0 };
  if (Array.isArray(value)) return redactArray(value, redactText);
  return redactMembers(value as JsonObject, redactText);
}

function redactArray(items: readonly Json[], redactText: RedactText): Redacted<Json> {
  const redacted = items.map((item) => redactJson(item, redactText));
  return { value: redacted.map((item) => item.value), count: countOf(redacted) };
}

/** An object without a secret, as nearly all are, is given back as it is. */
function redactMembers(object: JsonObject, redactText: RedactText): Redacted<Json> {
  const members = Object.entries(object).map(([key, member]) => ({
    name: redactText(key),
    content: redactJson(member, redactText),
  }));
  const count = members.reduce((sum, { name, content }) => sum + name.count + content.count, 0);
  if (count === 0) return { value: object, count };
  const kept = new Map<string, Json>();
  for (const { name, content } of members) kept.set(freeKey(kept, name.value), content.value);
  // `fromEntries` defines own properties, so a key such as __proto__ stays data.
  return { value: Object.fromEntries(kept), count };
}

function freeKey(kept: ReadonlyMap<string, Json>, key: string): string {
  let free = key;
  for (let nth = 2; kept.has(free); nth += 1) free = `${key}#${nth}`;
  return free;
}

function countOf(redacted: readonly Redacted<Json>[]): number {
  return redacted.reduce((sum, item) => sum + item.count, 0);
}
