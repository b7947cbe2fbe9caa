import {
  canonicalText,
  closed,
  exactly,
  isCount,
  isDigest,
  isJsonObject,
  misfit,
  parseRecord,
  type Form,
  type JsonObject,
} from '../encoding/index.ts';
import { done, refused, type Result } from '../refusal/index.ts';
import type { ConsistencyProof } from './consistency.ts';
import { headPathMax, type HeadProof } from './heads-proof.ts';
import type { InclusionProof } from './inclusion.ts';
import { pathMax } from './proof-file.ts';

export type Proof = InclusionProof | ConsistencyProof | HeadProof;

const digest: Form = (value) => isDigest(value);

const pathOf =
  (most: number): Form =>
  (value) =>
    Array.isArray(value) && value.length <= most && value.every((item) => isDigest(item));

const foundHead = closed({ key: digest, head: closed({ seq: isCount, digest }) });

const forms: Readonly<Record<Proof['type'], Readonly<Record<string, Form>>>> = {
  inclusion: {
    type: exactly('inclusion'),
    index: isCount,
    size: isCount,
    path: pathOf(pathMax),
  },
  consistency: {
    type: exactly('consistency'),
    from: isCount,
    to: isCount,
    path: pathOf(pathMax),
  },
  head: {
    type: exactly('head'),
    stream: (value) => typeof value === 'string',
    found: (value) => value === null || foundHead(value),
    path: pathOf(headPathMax),
  },
};

/** A proof as JSON, in canonical form. */
export function proofText(proof: Proof): string {
  return canonicalText(proof);
}

/**
 * A proof as JSON, with exactly the members of its type; it is not verified. Refuses
 * `proof.invalid`, naming the member.
 */
export function parseProof(text: string): Result<Proof> {
  const parsed = parseRecord(text);
  if (!parsed.ok) return malformed(parsed.refusal.message);
  if (!isJsonObject(parsed.value)) return malformed('it is not an object');
  const proof: JsonObject = parsed.value;
  const { type } = proof;
  if (typeof type !== 'string' || !isType(type)) return malformed('its type is unknown');
  const wrong = misfit(proof, forms[type]);
  return wrong === undefined
    ? done(proof as unknown as Proof)
    : malformed(`its member ${JSON.stringify(wrong)}`);
}

function isType(type: string): type is Proof['type'] {
  return Object.hasOwn(forms, type);
}

function malformed(message: string): Result<never> {
  return refused('proof.invalid', `not the JSON of a proof: ${message}`);
}
