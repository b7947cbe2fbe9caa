import { someBundle, someDigest, signerFrom } from '@chancery/testkit/builders';
import { describe, expect, it } from 'vitest';
import { activateBundle } from './activation.ts';
import { bundleDigest, policySetDigest } from './bundle.ts';
import { readRetirement, retireBundle } from './retirement.ts';

const by = signerFrom(6);
const bundle = someBundle();
const ledger = someDigest('ledger');
const after = someDigest('entry before');
const policySet = policySetDigest([]);
const retired = retireBundle({ ledger, after, bundle, policySet, by, reason: 'over' });

function codeOf(change: object = {}, place: object = {}): string | undefined {
  const read = readRetirement({ ...retired, ...change }, { ledger, after, ...place });
  return read.ok ? undefined : read.refusal.code;
}

describe('a retirement', () => {
  it('names the bundle and is read back with those who signed it', () => {
    const { level, name } = bundle;
    expect(retired).toMatchObject({ level, name, bundle: bundleDigest(bundle), policySet });
    expect(readRetirement(retired, { ledger, after })).toEqual({ ok: true, value: [by.id] });
  });

  it('counts in its ledger, at its place and for its bundle alone', () => {
    const activation = activateBundle({ ledger, after, bundle, policySet, by });
    expect([
      codeOf({}, { ledger: someDigest('other') }),
      codeOf({}, { after: someDigest('other') }),
      codeOf({}, { after: null }),
      codeOf({ level: 'run' }),
      codeOf({ name: 'another' }),
      codeOf({ bundle: someDigest('other') }),
      codeOf({ envelope: activation.activation }),
      codeOf({ envelope: { ...retired.envelope, signatures: [] } }),
    ]).toEqual(Array(8).fill('envelope.invalid'));
  });
});
