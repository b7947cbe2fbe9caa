import { describe, expect, it } from 'vitest';
import { someBundle, someDigest, signerFrom } from '@chancery/testkit/builders';
import { activateBundle, readActivation } from './activation.ts';
import { bundleDigest, policySetDigest, signBundle } from './bundle.ts';

const by = signerFrom(6);
const bundle = someBundle();
const ledger = someDigest('ledger');
const after = someDigest('entry before');
const activated = activateBundle({
  ...{ ledger, after, bundle, by },
  policySet: policySetDigest([bundle]),
});

function codeOf(change: object = {}, place: object = {}): string | undefined {
  const read = readActivation({ ...activated, ...change }, { ledger, after, ...place });
  return read.ok ? undefined : read.refusal.code;
}

describe('an activation', () => {
  it('is read back with its bundle and those who signed both', () => {
    expect(readActivation(activated, { ledger, after })).toEqual({
      ok: true,
      value: {
        bundle,
        digest: bundleDigest(bundle),
        signers: [by.id],
        activators: [by.id],
      },
    });
  });

  it('keeps the signatures that the bundle bore, and is that of who activates it alone', () => {
    const author = signerFrom(9);
    const signed = signBundle(bundle, author);
    const again = activateBundle({
      ...{ ledger, after, bundle, signed, by },
      policySet: policySetDigest([bundle]),
    });
    const read = readActivation(again, { ledger, after });
    expect(read).toMatchObject({
      ...{ ok: true, value: { signers: [author.id, by.id], activators: [by.id] } },
    });
  });

  it('counts in its ledger, at its place and for its bundle alone', () => {
    const other = someBundle({ text: '// another' });
    const swapped = { envelope: signBundle(other, by), bundle: bundleDigest(other) };
    expect([
      codeOf({}, { ledger: someDigest('other') }),
      codeOf({}, { after: someDigest('other') }),
      codeOf({}, { after: null }),
      codeOf(swapped),
      codeOf({ activation: activated.envelope }),
    ]).toEqual(Array(5).fill('envelope.invalid'));
  });

  it('agrees with what is told of it beside', () => {
    expect([codeOf({ bundle: someDigest('other') }), codeOf({ level: 'run' })]).toEqual([
      'policy.invalid',
      'policy.invalid',
    ]);
  });
});
