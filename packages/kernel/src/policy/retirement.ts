import {
  exactly,
  isDigest,
  misfit,
  openEnvelope,
  sealEnvelope,
  textOf,
  type Digest,
  type Envelope,
  type Form,
  type KeyId,
  type Signer,
} from '../encoding/index.ts';
import { done, refused, type Result } from '../refusal/index.ts';
import { isSaidAt, type SayingPlace } from '../writ/index.ts';
import { bundleDigest } from './bundle.ts';
import { levels, type Bundle, type Level } from './model.ts';

/** Payload by which an active bundle decides in one ledger no more. */
export interface Retirement {
  readonly v: 1;
  readonly ledger: Digest;
  /** The entry of the stream `policy` that it was signed upon. */
  readonly after: Digest;
  readonly level: Level;
  readonly name: string;
  /** The bundle that is active under that level and name. */
  readonly bundle: Digest;
  readonly reason: string;
}

const payloadType = 'application/vnd.chancery.policy-retirement+json';

const retirementForm: Readonly<Record<string, Form>> = {
  v: exactly(1),
  ledger: isDigest,
  after: isDigest,
  level: (value) => levels.includes(value as Level),
  name: textOf(1, 128),
  bundle: isDigest,
  reason: textOf(0, 4096),
};

/** What `policy.retired` records. */
export interface Retired {
  readonly level: Level;
  readonly name: string;
  readonly bundle: Digest;
  readonly envelope: Envelope;
  /** Digest of the set of the bundles that stay active. */
  readonly policySet: Digest;
}

export interface RetirementRequest extends Pick<Retirement, 'ledger' | 'after' | 'reason'> {
  readonly bundle: Bundle;
  readonly policySet: Digest;
  readonly by: Signer;
}

/** Signs that an active bundle decides in this ledger no more, from this place on. */
export function retireBundle(request: RetirementRequest): Retired {
  const { ledger, after, reason, bundle, policySet, by } = request;
  const { level, name } = bundle;
  const digest = bundleDigest(bundle);
  const retirement: Retirement = { v: 1, ledger, after, level, name, bundle: digest, reason };
  const envelope = sealEnvelope(payloadType, retirement, [by]);
  return { level, name, bundle: digest, envelope, policySet };
}

/**
 * Keys that signed that a bundle decides in this ledger no more, from this place on; whether they may
 * is for the caller to ask. Refuses with `envelope.invalid`.
 */
export function readRetirement(
  { envelope, level, name, bundle }: Omit<Retired, 'policySet'>,
  place: SayingPlace,
): Result<readonly KeyId[]> {
  const read = readRetired(envelope);
  if (!read.ok) return read;
  const { stated, signers } = read.value;
  if (!isSaidAt(stated, place)) {
    return refused('envelope.invalid', 'the retirement is for another place');
  }
  if (stated.level !== level || stated.name !== name || stated.bundle !== bundle) {
    return refused('envelope.invalid', 'the retirement is of another bundle');
  }
  return done(signers);
}

/** What is signed of the end of a bundle, wherever. Refuses with `envelope.invalid`. */
export function readRetired(
  envelope: Envelope,
): Result<{ readonly stated: Retirement; readonly signers: readonly KeyId[] }> {
  const opened = openEnvelope(envelope, payloadType);
  if (!opened.ok) return opened;
  const { payload, signers } = opened.value;
  const wrong = misfit(payload, retirementForm);
  if (wrong !== undefined) {
    return refused('envelope.invalid', `the retirement has a malformed "${wrong}"`);
  }
  return done({ stated: payload as unknown as Retirement, signers });
}
