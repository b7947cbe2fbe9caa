import {
  ledgerFixture,
  people,
  someBundle,
  someDigest,
  told,
  type LedgerFixture,
} from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import type { Signer } from '../encoding/index.ts';
import type { Body } from '../ledger/index.ts';
import { proposeBundle, withdrawProposal } from './index.ts';

const { agent, approver, legislator, lead, root } = people;
const bundle = someBundle({ name: 'remembered' });
const action = someDigest('action');
const wrongly = 'policy.invalid at policy.proposed';

function headOf({ recorder, ledger }: LedgerFixture): string {
  return recorder.heads.get('policy')?.digest ?? ledger;
}

/** What is told of a ledger in which a bundle was proposed, with these changes. */
function proposed(
  signer: Signer,
  change: (fixture: LedgerFixture) => object = () => ({}),
  author = signer,
): readonly string[] {
  const fixture = ledgerFixture();
  const { ledger, recorder } = fixture;
  const request = { ledger, after: headOf(fixture), action, bundle, by: signer };
  const changes = change(fixture);
  const body = { ...proposeBundle({ ...request, ...changes }), ...changes };
  const { envelope, proposal, bundle: digest } = body as Body<'policy.proposed'>;
  const draft = { stream: 'policy', kind: 'policy.proposed' } as const;
  const named = typeof digest === 'string' ? digest : '';
  recorder.writeBy(author.id, { ...draft, body: { envelope, proposal, bundle: named } });
  return told(fixture);
}

describe('a proposal', () => {
  test('is believed of who approves or legislates', () => {
    expect([proposed(approver), proposed(legislator)]).toEqual([[], []]);
  });

  test('is not believed of others, at another place, or of another bundle', () => {
    const other = proposeBundle({
      ...{ ledger: someDigest('l'), after: someDigest('a'), action },
      ...{ bundle: someBundle({ name: 'other' }), by: approver },
    });
    expect([
      proposed(agent),
      proposed(lead),
      proposed(root),
      proposed(approver, undefined, legislator),
      proposed(approver, () => ({ proposal: other.proposal })),
      proposed(approver, () => ({ envelope: other.envelope })),
    ]).toEqual(Array(6).fill([wrongly]));
  });

  test('is withdrawn by a signature for its place, and changes nothing that decides', () => {
    const withdrawn = (by: Signer, after?: string): readonly string[] => {
      const fixture = ledgerFixture();
      const { ledger, recorder } = fixture;
      const asked = { ledger, after: after ?? headOf(fixture), bundle: action, reason: '' };
      const body = { envelope: withdrawProposal(asked, by) };
      recorder.writeBy(by.id, { stream: 'policy', kind: 'policy.proposal-withdrawn', body });
      return told(fixture);
    };
    const wrong = ['policy.invalid at policy.proposal-withdrawn'];
    expect([withdrawn(approver), withdrawn(agent), withdrawn(approver, someDigest('x'))]).toEqual([
      [],
      wrong,
      wrong,
    ]);
  });
});
