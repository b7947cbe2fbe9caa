import type { Json } from '@chancery/kernel/encoding';
import { redactJson } from './json-redaction.ts';
import { mayHoldSecret } from './detectors.ts';
import { cutOff, merged, placesIn, replaced, type Redacted, type Sought } from './place.ts';
import type { Folding } from './folding.ts';
import { minSecretChars, secretForms } from './secret-forms.ts';
import { redactedStream, type RedactedStream } from './text-stream.ts';

export interface Redactor {
  /**
   * The value with `[redacted:<kind>]` in the place of every secret, in object keys too. Keys that
   * become equal are kept apart by a number; a number that shows a secret becomes a string.
   */
  readonly redact: (value: Json) => Redacted<Json>;
  readonly redactText: (text: string) => Redacted<string>;
  /** For a text that arrives in chunks. */
  readonly stream: () => RedactedStream;
  /** Kind of the first secret that the text holds literally, `known` for a known value. */
  readonly findSecret: (text: string) => string | undefined;
  /** One that guards these values besides. */
  readonly knowing: (secrets: readonly string[]) => Redactor;
}

export interface RedactorOptions {
  /** Values that must never be shown; those under 8 characters cannot be guarded and are ignored. */
  readonly secrets: readonly string[];
  /** Leaves alone what only looks like a secret: for texts that others check bit by bit. */
  readonly knownOnly?: boolean;
}

/**
 * Finds known secret values in every common encoding, and secrets of known looks. Takes time linear
 * in the text for a given set of secrets.
 */
export function redactor(options: RedactorOptions): Redactor {
  const sought = soughtOf(options);
  const redactText = (text: string): Redacted<string> =>
    replaced(text, merged([...placesIn(text, sought), ...cutOff(text, sought)]));
  const member = (name: string, text: string): Redacted<string> => {
    const shown = redactText(text);
    return shown.count === 0 && sought.looks ? redactNamed(name, text) : shown;
  };
  return {
    redact: (value) => redactJson(value, { text: redactText, member }),
    redactText,
    stream: () => redactedStream(sought),
    findSecret: (text) => placesIn(text, sought)[0]?.kind,
    knowing: (secrets) => redactor({ ...options, secrets: [...options.secrets, ...secrets] }),
  };
}

function soughtOf({ secrets, knownOnly }: RedactorOptions): Sought {
  const known = secrets.filter((secret) => secret.length >= minSecretChars).map(secretForms);
  const folded = new Map<Folding, string[]>();
  for (const [folding, needles] of known.flatMap((forms) => forms.folded)) {
    const sharing = folded.get(folding);
    if (sharing === undefined) folded.set(folding, [...needles]);
    else sharing.push(...needles);
  }
  return {
    needles: byLength(known.flatMap(({ plain }) => plain)),
    folded: [...folded].map(([folding, needles]) => ({ folding, needles: byLength(needles) })),
    looks: knownOnly !== true,
  };
}

function byLength(needles: readonly string[]): readonly string[] {
  return [...new Set(needles)].sort((a, b) => a.length - b.length);
}

const longestNamed = 512;

/** A text that is a secret by the name of the member that holds it. */
function redactNamed(name: string, text: string): Redacted<string> {
  const member = `"${name}":"`;
  if (text.length < minSecretChars || text.length > longestNamed || !mayHoldSecret(member)) {
    return { value: text, count: 0 };
  }
  const places = placesIn(`${member}${text}"`, { needles: [], folded: [], looks: true }).filter(
    ({ from }) => from >= member.length,
  );
  const inText = places.map((place) => ({
    ...place,
    from: place.from - member.length,
    to: Math.min(place.to - member.length, text.length),
  }));
  return replaced(text, inText);
}
