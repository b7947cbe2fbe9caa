import { describe, expect, it } from 'vitest';
import {
  bytesDigest,
  ed25519Signer,
  objectDigest,
  sealEnvelope,
  signerOf,
} from '../encoding/index.ts';
import { bundleDigest, policySetDigest, readBundle, signBundle } from './bundle.ts';
import type { Bundle } from './model.ts';

const signer = signerOf(ed25519Signer(new Uint8Array(32).fill(7)));
const bundle: Bundle = {
  v: 1,
  name: 'default',
  level: 'tenant',
  policies: { staticPolicies: {}, templates: {}, templateLinks: [] },
  text: '// nothing\n',
  schema: bytesDigest('schema'),
};

function codeOf(payload: unknown): string | undefined {
  const read = readBundle(sealEnvelope('application/vnd.chancery.bundle+json', payload, [signer]));
  return read.ok ? undefined : `${read.refusal.code}: ${read.refusal.message}`;
}

describe('a bundle', () => {
  it('is read back from its envelope with its digest and its signer', () => {
    expect(readBundle(signBundle(bundle, signer))).toEqual({
      ok: true,
      value: { bundle, digest: bundleDigest(bundle), signers: [signer.id] },
    });
  });

  it('is refused when its envelope was changed', () => {
    const other = signBundle({ ...bundle, name: 'other' }, signer);
    const read = readBundle({ ...signBundle(bundle, signer), payload: other.payload });
    expect(read.ok ? undefined : read.refusal.code).toBe('envelope.invalid');
  });

  it('is refused under another payload type', () => {
    const read = readBundle(sealEnvelope('application/vnd.chancery.writ+json', bundle, [signer]));
    expect(read.ok ? undefined : read.refusal.code).toBe('envelope.invalid');
  });

  it.each([
    ['an unknown member', { ...bundle, more: 1 }, 'more'],
    ['another version', { ...bundle, v: 2 }, 'v'],
    ['an empty name', { ...bundle, name: '' }, 'name'],
    ['an unknown level', { ...bundle, level: 'galaxy' }, 'level'],
    ['a short schema digest', { ...bundle, schema: 'ab' }, 'schema'],
    [
      'a template',
      { ...bundle, policies: { ...bundle.policies, templates: { a: {} } } },
      'policies',
    ],
    ['a link', { ...bundle, policies: { ...bundle.policies, templateLinks: [{}] } }, 'policies'],
    [
      'policies in a list',
      { ...bundle, policies: { ...bundle.policies, staticPolicies: [] } },
      'policies',
    ],
  ])('is refused with %s', (_what, payload, member) => {
    expect(codeOf(payload)).toBe(`policy.invalid: the bundle has a malformed "${member}"`);
  });

  it('has a digest over every member', () => {
    const changed: readonly Bundle[] = [
      bundle,
      { ...bundle, name: 'x' },
      { ...bundle, level: 'run' },
      { ...bundle, text: '' },
      { ...bundle, schema: bytesDigest('other') },
      { ...bundle, policies: { ...bundle.policies, staticPolicies: { a: {} } } },
    ];
    expect(new Set(changed.map(bundleDigest)).size).toBe(changed.length);
  });
});

describe('the digest of a policy set', () => {
  const run: Bundle = { ...bundle, level: 'run' };

  it('names level and digest of each bundle, in order of level and digest', () => {
    const other = { ...bundle, name: 'other' };
    const digests = [bundleDigest(bundle), bundleDigest(other)].sort();
    expect(policySetDigest([bundle, run, other])).toBe(
      objectDigest('policy-set', [
        { level: 'run', digest: bundleDigest(run) },
        ...digests.map((digest) => ({ level: 'tenant', digest })),
      ]),
    );
  });

  it('does not depend on the order in which bundles are given', () => {
    expect(policySetDigest([bundle, run])).toBe(policySetDigest([run, bundle]));
  });
});
