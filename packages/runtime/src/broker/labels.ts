import { secretLabel, untrustedLabel } from '@chancery/kernel/compiler';
import type { Contract } from '@chancery/kernel/contract';
import type { Json, JsonObject } from '@chancery/kernel/encoding';

/** Of a secret that was in an output, whosesoever it is: it was taken out before anybody saw it. */
const found = secretLabel('found');

/** Of what came from a host on a network, by whatever capability. */
const web = untrustedLabel('web');

/** What whoever sees the outcome of an action may have seen by it; see `labels.ts` of the compiler. */
export function labelsOf(
  { name, authors }: Pick<Contract, 'name' | 'authors'>,
  observation: JsonObject,
  { redactions, heard }: { readonly redactions: number; readonly heard: boolean },
): readonly string[] {
  const strange = Object.entries(observation).some(
    ([field, value]) => authorOf(authors, field) === 'third-party' && says(value),
  );
  return [
    ...foundIn(redactions),
    ...(strange ? [untrustedLabel(name)] : []),
    ...(heard ? [web] : []),
  ];
}

/** Labels of a text of our own that secrets were taken out of. */
export function foundIn(redactions: number): readonly string[] {
  return redactions > 0 ? [found] : [];
}

/** A field that the contract says nothing of may be by anybody. */
function authorOf(authors: Contract['authors'], field: string): string {
  return (Object.hasOwn(authors, field) ? authors[field] : undefined) ?? 'third-party';
}

/** Whether a value holds any text or number at all. */
function says(value: Json): boolean {
  if (typeof value === 'string') return value !== '';
  if (Array.isArray(value)) return (value as readonly Json[]).some(says);
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return value !== null;
}
