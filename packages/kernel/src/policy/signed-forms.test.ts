import { people, someBundle, someDigest } from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import { sealEnvelope, type Json } from '../encoding/index.ts';
import { refused } from '../refusal/index.ts';
import { readActivators } from './activation.ts';
import { readProposal, readRetirement, retireBundle, type Retired } from './index.ts';

const { legislator, lead } = people;
const [ledger, after, bundle] = ['l', 'a', 'b'].map(someDigest) as [string, string, string];

const sealed = (what: 'activation' | 'policy-proposal', payload: Json) =>
  sealEnvelope(`application/vnd.chancery.${what}+json`, payload, [legislator]);

const invalid = (message: string) => refused('envelope.invalid', message);

describe('the activation of a bundle', () => {
  const place = { ledger, after };
  const read = (change: object) => {
    const activation = sealed('activation', { v: 1, ledger, after, bundle, ...change });
    return readActivators({ activation, bundle }, place);
  };

  test('is signed for a place by keys', () => {
    expect(read({})).toEqual({
      ok: true,
      value: { activators: [legislator.id], repository: undefined },
    });
  });

  test('is none with a malformed member, or one too many', () => {
    expect([read({ v: 2 }), read({ bundle: 'b' }), read({ more: 1 })]).toEqual([
      invalid('the activation has a malformed "v"'),
      invalid('the activation has a malformed "bundle"'),
      invalid('the activation has a malformed "more"'),
    ]);
  });

  test.each(['ledger', 'after', 'bundle'])('is none of another %s', (member) => {
    const why = 'the activation is of another bundle or for another place';
    expect(read({ [member]: someDigest('other') })).toEqual(invalid(why));
  });
});

describe('the retirement of a bundle', () => {
  const active = someBundle({ name: 'active' });
  const request = { ledger, after, bundle: active, policySet: bundle, by: lead };
  const retired = (reason: string): Retired => retireBundle({ ...request, reason });

  test('is none for another place, with too long a reason, or when it is of another kind', () => {
    const given = retired('over');
    const { level, name } = active;
    const otherwise = { ...given, envelope: sealed('policy-proposal', { v: 1, level, name }) };
    expect([
      readRetirement(given, { ledger, after }).ok,
      readRetirement(given, { ledger, after: ledger }),
      readRetirement(retired('x'.repeat(5_000)), { ledger, after }),
      readRetirement({ ...given, name: 'other' }, { ledger, after }),
      readRetirement(otherwise, { ledger, after }).ok,
    ]).toEqual([
      true,
      invalid('the retirement is for another place'),
      invalid('the retirement has a malformed "reason"'),
      invalid('the retirement is of another bundle'),
      false,
    ]);
  });
});

describe('what is signed of a proposal', () => {
  test('is none with a malformed member', () => {
    const made = { v: 1, proposal: 'make', ledger, after, bundle };
    const read = (payload: Json) => readProposal(sealed('policy-proposal', payload), 'make');
    expect(read({ ...made, action: 'none' })).toEqual(
      invalid('the proposal has a malformed "action"'),
    );
  });
});
