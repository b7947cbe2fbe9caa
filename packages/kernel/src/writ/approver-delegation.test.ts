import {
  ledgerFixture,
  people,
  RunStory,
  signerFrom,
  someDigest,
  told,
  type LedgerFixture,
} from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import { sealEnvelope, type Digest, type Envelope, type Signer } from '../encoding/index.ts';
import {
  compromiseKey,
  delegateApproval,
  delegationId,
  endDelegation,
  foldTrust,
  isTrustEntry,
  readDelegation,
  retireKey,
  speaksFor,
  trustKey,
  type ApproverDelegation,
  type Trust,
} from './index.ts';

const { agent, approver, deputy, legislator, root } = people;
const helper = signerFrom(31);
const wrongly = 'delegation.invalid at approver.delegated';
const wrongEnd = 'delegation.invalid at approver.delegation-ended';

const span = { notBefore: 1_000, notAfter: 9_000 };

function headOf({ recorder, ledger }: LedgerFixture): Digest {
  return recorder.heads.get('ledger')?.digest ?? ledger;
}

function record(fixture: LedgerFixture, envelope: Envelope, by: Signer): void {
  const draft = { stream: 'ledger', kind: 'approver.delegated', body: { envelope } } as const;
  fixture.recorder.writeBy(by.id, draft);
}

/** The approver delegates to the helper; answers the id. */
function delegate(
  fixture: LedgerFixture,
  change: Partial<ApproverDelegation> = {},
  by: Signer = approver,
): Digest {
  const asked = { delegate: helper.id, channel: null, ...span, reason: '' };
  const after = headOf(fixture);
  const envelope = delegateApproval({ ledger: fixture.ledger, after, ...asked, ...change }, by);
  record(fixture, envelope, by);
  const read = readDelegation(envelope);
  if (!read.ok) throw new Error(read.refusal.message);
  return delegationId(read.value.said);
}

function end(fixture: LedgerFixture, id: Digest, by: Signer): void {
  const envelope = endDelegation(
    { ledger: fixture.ledger, after: headOf(fixture), id, reason: '' },
    by,
  );
  const kind = 'approver.delegation-ended';
  fixture.recorder.writeBy(by.id, { stream: 'ledger', kind, body: { envelope } });
}

function trustIn({ recorder, ledger }: LedgerFixture): Trust {
  const placed = recorder.entries.flatMap(({ entry }, position) =>
    isTrustEntry(entry) ? [{ entry, position }] : [],
  );
  const trust = foldTrust(ledger, placed);
  if (!trust.ok) throw new Error(trust.refusal.message);
  return trust.value;
}

const speaks = (fixture: LedgerFixture, at?: number, channel = 'desk', nowMs = 5_000): boolean =>
  speaksFor(trustIn(fixture), helper.id, approver.id, { channel, nowMs, at });

describe('a delegation of an approver', () => {
  test('lets another key speak in its window, on its channel, from its place on', () => {
    const fixture = ledgerFixture();
    const given = fixture.recorder.entries.length;
    delegate(fixture, { channel: 'desk' });
    expect([told(fixture), speaks(fixture), speaks(fixture, given + 1)]).toEqual([[], true, true]);
    expect([
      speaks(fixture, given),
      speaks(fixture, undefined, 'other'),
      speaks(fixture, undefined, 'desk', 999),
      speaks(fixture, undefined, 'desk', 9_001),
      speaksFor(trustIn(fixture), approver.id, helper.id, { channel: 'desk', nowMs: 5_000 }),
      speaksFor(trustIn(fixture), helper.id, deputy.id, { channel: 'desk', nowMs: 5_000 }),
    ]).toEqual(Array(6).fill(false));
  });

  test.each<[string, (fixture: LedgerFixture) => void]>([
    ['of one who may not approve', (on) => delegate(on, {}, legislator)],
    ['of one to whom it was delegated', (on) => [delegate(on), delegate(on, {}, helper)]],
    ['to itself', (on) => delegate(on, { delegate: approver.id })],
    ['in another ledger', (on) => delegate(on, { ledger: someDigest('x') })],
    ['at another place', (on) => delegate(on, { after: someDigest('x') })],
    ['in the name of another', (on) => delegate(on, {}, approver) && stolen(on)],
    ['a second time', twice],
    ['by another author', (on) => record(on, honest(on), deputy)],
  ])('is not believed %s', (_, write) => {
    const fixture = ledgerFixture();
    write(fixture);
    expect(told(fixture)).toEqual([wrongly]);
  });

  function honest(fixture: LedgerFixture): Envelope {
    const asked = { delegate: helper.id, channel: null, ...span, reason: '' };
    return delegateApproval({ ledger: fixture.ledger, after: headOf(fixture), ...asked }, approver);
  }

  function twice(fixture: LedgerFixture): void {
    const envelope = honest(fixture);
    record(fixture, envelope, approver);
    record(fixture, envelope, approver);
  }

  /** Signed by the deputy, as if the right of the approver were its own to give. */
  function stolen(fixture: LedgerFixture): void {
    const type = 'application/vnd.chancery.approver-delegation+json';
    const payload = {
      ...{ v: 1, delegation: 'give', ledger: fixture.ledger, after: headOf(fixture) },
      ...{ approver: approver.id, delegate: helper.id, channel: null, ...span, reason: '' },
    };
    record(fixture, sealEnvelope(type, payload, [deputy]), deputy);
  }

  test.each([
    ['who gave it', approver],
    ['who has it', helper],
    ['a root', root],
  ])('is ended by %s, from there on', (_, by) => {
    const fixture = ledgerFixture();
    const id = delegate(fixture);
    const voted = fixture.recorder.entries.length;
    new RunStory(fixture).start();
    end(fixture, id, by);
    expect([told(fixture), speaks(fixture), speaks(fixture, voted)]).toEqual([[], false, true]);
    expect(speaks(fixture, voted + 2)).toBe(false);
  });

  test('is not ended by others, nor where there is none, nor twice', () => {
    const foreign = ledgerFixture();
    end(foreign, delegate(foreign), deputy);
    const none = ledgerFixture();
    end(none, someDigest('none'), approver);
    const over = ledgerFixture();
    const id = delegate(over);
    end(over, id, approver);
    end(over, id, approver);
    const found = [foreign, none, over].map((fixture) => told(fixture));
    expect(found).toEqual([[wrongEnd], [wrongEnd], [wrongEnd]]);
  });

  test('is void when either key has ended, and for the key of a machine', () => {
    const of = (key: Signer, write: (on: LedgerFixture, key: string) => Envelope | undefined) => {
      const fixture = ledgerFixture();
      delegate(fixture, { delegate: key === agent ? agent.id : helper.id });
      const envelope = write(fixture, key.id);
      const said =
        envelope && ({ stream: 'ledger', kind: kindOf(envelope), body: { envelope } } as const);
      if (said !== undefined) fixture.recorder.writeBy(root.id, said);
      return fixture;
    };
    const retire = (on: LedgerFixture, key: string) =>
      retireKey({ ledger: on.ledger, key, earlier: 1, reason: '', roots: [root] });
    const compromise = (on: LedgerFixture, key: string) =>
      compromiseKey({
        ...{ ledger: on.ledger, key, earlier: 1, reason: '' },
        fromSize: 3,
        roots: [root],
      });
    expect([
      speaks(of(approver, retire)),
      speaks(of(approver, compromise)),
      speaks(of(approver, compromise), 5),
      speaksFor(trustIn(of(agent, () => undefined)), agent.id, approver.id, {
        ...{ channel: 'desk', nowMs: 5_000 },
      }),
    ]).toEqual([false, false, false, false]);
    const known = ledgerFixture();
    delegate(known);
    const trusted = { ledger: known.ledger, key: helper.id, label: 'h', roots: [root] };
    const envelope = trustKey({ ...trusted, purposes: ['witness'] });
    known.recorder.writeBy(root.id, { stream: 'ledger', kind: 'key.trusted', body: { envelope } });
    expect(speaks(known)).toBe(true);
    const retired = retire(known, helper.id);
    known.recorder.writeBy(root.id, {
      stream: 'ledger',
      kind: 'key.retired',
      body: { envelope: retired },
    });
    expect(speaks(known)).toBe(false);
  });

  function kindOf({ payloadType }: Envelope): 'key.retired' | 'key.compromised' {
    return payloadType.includes('retirement') ? 'key.retired' : 'key.compromised';
  }
});

describe('a vote of a delegate', () => {
  /** Findings of a run that a request for so many votes was granted to by these, with a delegation. */
  function after(voters: readonly Signer[], m = 1, change: Partial<ApproverDelegation> = {}) {
    const fixture = ledgerFixture();
    delegate(fixture, change);
    const story = new RunStory(fixture);
    story.start();
    const action = story.hold('src/package.json', m);
    story.grant(story.ask(action, { m }), voters);
    story.again(action);
    story.commit(action);
    story.finish();
    return told(fixture);
  }

  const forged = ['approval.invalid at approval.resolved', 'approval.missing at proposal.staged'];

  test('is that of the approver: together they count once', () => {
    expect([after([helper]), after([helper, deputy], 2)]).toEqual([[], []]);
    expect(after([helper, approver], 2)).toEqual(forged);
  });

  test('is found where it was not delegated for then and there', () => {
    expect([
      after([helper], 1, { channel: 'other' }),
      after([helper], 1, { notAfter: 2_000 }),
      after([signerFrom(32)]),
      after([agent], 1, { delegate: agent.id }),
    ]).toEqual([forged, forged, forged, forged]);
  });

  test('is void with what it released when the key of the approver was in other hands', () => {
    const fixture = ledgerFixture();
    delegate(fixture);
    const story = new RunStory(fixture);
    story.start();
    const action = story.hold();
    story.grant(story.ask(action), [helper]);
    story.again(action);
    story.commit(action);
    const envelope = compromiseKey({
      ...{ ledger: fixture.ledger, key: approver.id, earlier: 1, fromSize: 3 },
      ...{ reason: 'lost', roots: [root] },
    });
    const said = { stream: 'ledger', kind: 'key.compromised', body: { envelope } } as const;
    fixture.recorder.writeBy(root.id, said);
    expect(told(fixture)).toEqual([
      'key.compromised at approver.delegated',
      'key.compromised at approval.voted',
      'key.compromised at commit',
    ]);
  });
});
