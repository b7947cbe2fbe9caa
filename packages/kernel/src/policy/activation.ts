import {
  bytesDigest,
  exactly,
  isDigest,
  misfit,
  openEnvelope,
  recordText,
  sealEnvelope,
  signEnvelope,
  textOf,
  type Digest,
  type Envelope,
  type Form,
  type KeyId,
  type Signer,
} from '../encoding/index.ts';
import type { Blob, Body } from '../ledger/index.ts';
import { done, refused, type Result } from '../refusal/index.ts';
import { isSaidAt, type SayingPlace } from '../writ/index.ts';
import { bundleDigest, readBundle, signBundle, type ReadBundle } from './bundle.ts';
import type { Bundle, Level } from './model.ts';

/**
 * Payload by which a bundle is made to decide in one ledger. The bundle itself names none: it can be
 * shared, and the genesis names the first one before there is a ledger id.
 */
interface Activation {
  readonly v: 1;
  readonly ledger: Digest;
  /** The entry of the stream `policy` that it was signed upon; the ledger id where there is none. */
  readonly after: Digest;
  readonly bundle: Digest;
  /** The one repository that it decides on; left out for all. */
  readonly repository?: string;
}

const utf8 = new TextEncoder();
const payloadType = 'application/vnd.chancery.activation+json';

const activationForm: Readonly<Record<string, Form>> = {
  v: exactly(1),
  ledger: isDigest,
  after: isDigest,
  bundle: isDigest,
};

const scopedForm: Readonly<Record<string, Form>> = {
  ...activationForm,
  repository: textOf(1, 4096),
};

/** What `policy.activated` records, its bundle in whole. */
export interface Activated {
  readonly level: Level;
  readonly envelope: Envelope;
  readonly activation: Envelope;
  readonly bundle: Digest;
  readonly policySet: Digest;
}

export interface ActivationRequest extends Pick<Activation, 'ledger' | 'after'> {
  readonly bundle: Bundle;
  /** The bundle as others have signed it: their signatures are recorded beside that of `by`. */
  readonly signed?: Envelope | undefined;
  /** The one repository that it is to decide on; undefined for all. */
  readonly repository?: string | undefined;
  /** Digest of the set of all active bundles, this one included. */
  readonly policySet: Digest;
  readonly by: Signer;
}

/** Signs a bundle, and that it decides in this ledger from this place on. */
export function activateBundle(request: ActivationRequest): Activated {
  const { ledger, after, bundle, signed, repository, policySet, by } = request;
  const digest = bundleDigest(bundle);
  const scope = repository === undefined ? {} : { repository };
  const activation: Activation = { v: 1, ledger, after, bundle: digest, ...scope };
  return {
    level: bundle.level,
    envelope: signed === undefined ? signBundle(bundle, by) : signEnvelope(signed, by),
    activation: sealEnvelope(payloadType, activation, [by]),
    bundle: digest,
    policySet,
  };
}

/** Bytes of canonical text over which a bundle stands outside its entry, which says more than it. */
const inlineBytes = 48 * 1024;

/** The body of `policy.activated`, and the blob that belongs into the same batch. */
export function recordedActivation(activated: Activated): {
  readonly body: Body<'policy.activated'>;
  readonly blobs: readonly Blob[];
} {
  const bytes = utf8.encode(recordText(activated.envelope));
  if (bytes.length <= inlineBytes) return { body: activated, blobs: [] };
  const blob = { digest: bytesDigest(bytes), mediaType: 'application/json' };
  return {
    body: { ...activated, envelope: { blob: { ...blob, bytes: bytes.length } } },
    blobs: [{ ...blob, bytes }],
  };
}

/** What is signed of an activation, beside which bundle it is of. */
export interface Activators {
  /** Keys that signed the activation; whether they may is for the caller to ask. */
  readonly activators: readonly KeyId[];
  /** The one repository that it decides on; undefined for all. */
  readonly repository: string | undefined;
}

export interface ReadActivation extends ReadBundle, Activators {}

/**
 * Reads an activation: the bundle, and the signed statement that it decides in this ledger, from
 * this place on. Refuses with `envelope.invalid` and `policy.invalid`.
 */
export function readActivation(
  { envelope, activation, bundle, level }: Omit<Activated, 'policySet'>,
  place: SayingPlace,
): Result<ReadActivation> {
  const read = readBundle(envelope);
  if (!read.ok) return read;
  const { digest } = read.value;
  if (digest !== bundle || read.value.bundle.level !== level) {
    return refused('policy.invalid', `the bundle has the digest ${digest}`);
  }
  const activators = readActivators({ activation, bundle }, place);
  return activators.ok ? done({ ...read.value, ...activators.value }) : activators;
}

/**
 * Keys that signed that a bundle, named by its digest, decides in this ledger from this place on, and
 * where; the bundle itself is not asked for. Refuses with `envelope.invalid`.
 */
export function readActivators(
  { activation, bundle }: Pick<Activated, 'activation' | 'bundle'>,
  place: SayingPlace,
): Result<Activators> {
  const opened = openEnvelope(activation, payloadType);
  if (!opened.ok) return opened;
  const { payload, signers } = opened.value;
  const isScoped = Object.hasOwn(payload, 'repository');
  const wrong = misfit(payload, isScoped ? scopedForm : activationForm);
  if (wrong !== undefined) {
    return refused('envelope.invalid', `the activation has a malformed "${wrong}"`);
  }
  const stated = payload as unknown as Activation;
  if (!isSaidAt(stated, place) || stated.bundle !== bundle) {
    return refused('envelope.invalid', 'the activation is of another bundle or for another place');
  }
  return done({ activators: signers, repository: stated.repository });
}
