import {
  closed,
  exactly,
  isDigest,
  isJsonObject,
  misfit,
  objectDigest,
  openEnvelope,
  sealEnvelope,
  textOf,
  type Digest,
  type Envelope,
  type Form,
  type JsonObject,
  type KeyId,
  type Signer,
} from '../encoding/index.ts';
import { done, refusal, type Refusal, type Result } from '../refusal/index.ts';
import { bundleIn, repositoryOf, type ActiveBundle } from './active.ts';
import { levels, type Bundle, type Level } from './model.ts';

const payloadType = 'application/vnd.chancery.bundle+json';

const bundleForm: Readonly<Record<string, Form>> = {
  v: exactly(1),
  name: textOf(1, 128),
  level: (value) => levels.includes(value as Level),
  policies: closed({
    staticPolicies: isJsonObject,
    templates: closed({}),
    templateLinks: (value) => Array.isArray(value) && value.length === 0,
  }),
  text: textOf(0, Number.MAX_SAFE_INTEGER),
  schema: isDigest,
};

/** Whether a value has exactly the members of a bundle; its policies are not looked into. */
export function checkBundle(value: object): Refusal | undefined {
  const wrong = misfit(value as JsonObject, bundleForm);
  return wrong === undefined
    ? undefined
    : refusal('policy.invalid', `the bundle has a malformed "${wrong}"`);
}

/** What a bundle is active under: of a level and name there is one at a time. */
export function bundleKey({ level, name }: Pick<Bundle, 'level' | 'name'>): string {
  return `${level}/${name}`;
}

/** Digest over every byte of a bundle. */
export function bundleDigest(bundle: Bundle): Digest {
  return objectDigest('bundle', bundle);
}

/**
 * Digest over all bundles and the repositories that some of them are for, the same in whatever order
 * they are given.
 */
export function policySetDigest(bundles: readonly ActiveBundle[]): Digest {
  const named = bundles.map((active) => {
    const bundle = bundleIn(active);
    const repository = repositoryOf(active);
    const name = { level: bundle.level, digest: bundleDigest(bundle) };
    return repository === undefined ? name : { ...name, repository };
  });
  named.sort((a, b) => compare(a.level, b.level) || compare(a.digest, b.digest));
  return objectDigest('policy-set', named);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function signBundle(bundle: Bundle, signer: Signer): Envelope {
  return sealEnvelope(payloadType, bundle, [signer]);
}

export interface ReadBundle {
  readonly bundle: Bundle;
  /** Computed from the signed payload. */
  readonly digest: Digest;
  /** Keys whose signatures verify; whether they may sign policy is for the caller to ask. */
  readonly signers: readonly KeyId[];
}

/**
 * Reads a bundle from its envelope. Refuses with `envelope.invalid` what is not signed or not
 * canonical, and with `policy.invalid` what has not exactly the members of a bundle. Its policies
 * are checked by `compilePolicySet`.
 */
export function readBundle(envelope: Envelope): Result<ReadBundle> {
  const opened = openEnvelope(envelope, payloadType);
  if (!opened.ok) return opened;
  const { payload, signers } = opened.value;
  const wrong = checkBundle(payload);
  if (wrong !== undefined) return { ok: false, refusal: wrong };
  const bundle = payload as unknown as Bundle;
  return done({ bundle, digest: bundleDigest(bundle), signers });
}
