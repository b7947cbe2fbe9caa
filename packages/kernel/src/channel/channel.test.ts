import {
  defineOn,
  ledgerFixture,
  people,
  someDigest,
  told,
  type LedgerFixture,
} from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import { sealEnvelope, type Envelope, type Signer } from '../encoding/index.ts';
import { compromiseKey, foldTrust, isTrustEntry } from '../writ/index.ts';
import {
  approversOn,
  checkChannel,
  checkRemoval,
  defineChannel,
  evolveChannels,
  isChannelEntry,
  removeChannel,
  type Channel,
  type Channels,
} from './index.ts';

const { approver, deputy, legislator, lead, root } = people;
const desk: Channel = {
  name: 'desk',
  approvers: [approver.id, deputy.id],
  withinMs: 5_000,
  escalate: null,
};

function headOf({ recorder, ledger }: LedgerFixture): string {
  return recorder.heads.get('policy')?.digest ?? ledger;
}

function record(fixture: LedgerFixture, envelope: Envelope, by: Signer = legislator): void {
  const draft = { stream: 'policy', kind: 'channel.defined', body: { envelope } } as const;
  fixture.recorder.writeBy(by.id, draft);
}

function remove(fixture: LedgerFixture, name: string, by: Signer = legislator): void {
  const { ledger, recorder } = fixture;
  const envelope = removeChannel({ ledger, after: headOf(fixture), name, reason: '' }, by);
  recorder.writeBy(by.id, { stream: 'policy', kind: 'channel.removed', body: { envelope } });
}

/** The channels that a ledger comes to. */
function channelsIn({ recorder, ledger }: LedgerFixture): Channels {
  const placed = recorder.entries.map(({ entry }, position) => ({ entry, position }));
  const trust = foldTrust(
    ledger,
    placed.flatMap(({ entry, position }) => (isTrustEntry(entry) ? [{ entry, position }] : [])),
  );
  let channels: Channels = new Map();
  for (const { entry, position } of placed) {
    if (!isChannelEntry(entry) || !trust.ok) continue;
    const evolved = evolveChannels(channels, { entry, position }, trust.value);
    if (evolved.ok) channels = evolved.value;
  }
  return channels;
}

const wrongly = 'channel.invalid at channel.defined';

describe('a channel', () => {
  test('is what was signed of it last, and nothing once it is removed', () => {
    const fixture = ledgerFixture();
    defineOn(fixture, desk);
    defineOn(fixture, { ...desk, withinMs: 7_000 });
    expect(channelsIn(fixture)).toEqual(new Map([['desk', { ...desk, withinMs: 7_000 }]]));
    remove(fixture, 'desk');
    expect([channelsIn(fixture), told(fixture)]).toEqual([new Map(), []]);
  });

  test.each([
    ['one who approves', approver],
    ['a root', root],
    ['nobody who is known', lead],
  ])('is not believed of %s', (_, signer) => {
    const fixture = ledgerFixture();
    defineOn(fixture, desk, signer);
    expect([told(fixture), channelsIn(fixture).size]).toEqual([[wrongly], 0]);
  });

  test.each<[string, (fixture: LedgerFixture, after: string) => void]>([
    [
      'in another ledger',
      (on, after) =>
        record(on, defineChannel({ ledger: someDigest('x'), after, ...desk }, legislator)),
    ],
    [
      'at another place',
      (on) =>
        record(
          on,
          defineChannel({ ledger: on.ledger, after: someDigest('x'), ...desk }, legislator),
        ),
    ],
    [
      'by another author',
      (on, after) =>
        record(on, defineChannel({ ledger: on.ledger, after, ...desk }, legislator), approver),
    ],
    [
      'a second time',
      (on, after) => {
        const honest = defineChannel({ ledger: on.ledger, after, ...desk }, legislator);
        record(on, honest);
        record(on, honest);
      },
    ],
  ])('is not believed %s', (_, write) => {
    const fixture = ledgerFixture();
    write(fixture, headOf(fixture));
    expect(told(fixture)).toEqual([wrongly]);
  });

  test.each([
    ['without an approver', { approvers: [] }],
    ['with a time of nothing', { withinMs: 0 }],
    ['with a name that no rule can hold on', { name: 'Desk!' }],
    ['with an approver that is no key', { approvers: ['ada'] }],
    ['with a member more', { more: 1 }],
    ['that escalates at once', { escalate: { to: 'lead', afterMs: 0 } }],
  ])('%s is not read', (_, change) => {
    const fixture = ledgerFixture();
    const stated = { v: 1, channel: 'define', ledger: fixture.ledger, after: headOf(fixture) };
    const payload = { ...stated, ...desk, ...change };
    const type = 'application/vnd.chancery.channel+json';
    record(fixture, sealEnvelope(type, payload, [legislator]));
    expect(told(fixture)).toEqual([wrongly]);
  });

  test('of a key that was in other hands is void, and the one before it stands', () => {
    const fixture = ledgerFixture();
    defineOn(fixture, desk);
    const fromSize = fixture.recorder.entries.length;
    defineOn(fixture, { ...desk, approvers: [deputy.id] });
    const { ledger, recorder } = fixture;
    const key = legislator.id;
    const said = { ledger, key, earlier: 1, fromSize, reason: 'lost', roots: [root] };
    const body = { envelope: compromiseKey(said) };
    recorder.writeBy(root.id, { stream: 'ledger', kind: 'key.compromised', body });
    expect(channelsIn(fixture)).toEqual(new Map([['desk', desk]]));
    expect(told(fixture)).toEqual(['key.compromised at channel.defined']);
  });
});

describe('channels together', () => {
  const to = (name: string, next: string | null): Channel => ({
    ...{ ...desk, name },
    escalate: next === null ? null : { to: next, afterMs: 1_000 },
  });
  const chain: Channels = new Map([
    ['a', to('a', 'b')],
    ['b', to('b', 'c')],
    ['c', to('c', null)],
  ]);

  test('make sense where each that is escalated to is there, and none leads back', () => {
    expect(checkChannel(chain, to('d', 'a'))).toBe(undefined);
    expect(
      [
        to('c', 'a'),
        to('d', 'd'),
        to('d', 'nowhere'),
        { ...to('d', 'a'), withinMs: 1_000 },
        { ...desk, approvers: [approver.id, approver.id] },
      ].map((channel) => checkChannel(chain, channel)?.code),
    ).toEqual(Array(5).fill('channel.invalid'));
  });

  test('lose none that another escalates to', () => {
    expect(['a', 'b', 'd'].map((name) => checkRemoval(chain, name)?.code)).toEqual([
      undefined,
      'channel.invalid',
      'channel.unknown',
    ]);
  });

  test.each<[string, string, (fixture: LedgerFixture) => void]>([
    ['an escalation to none', 'channel.defined', (on) => defineOn(on, to('a', 'b'))],
    ['an escalation to itself', 'channel.defined', (on) => defineOn(on, to('a', 'a'))],
    ['a removal of none', 'channel.removed', (on) => remove(on, 'x')],
    [
      'a removal of one that is needed',
      'channel.removed',
      (on) => {
        defineOn(on, to('b', null));
        defineOn(on, to('a', 'b'));
        remove(on, 'b');
      },
    ],
  ])('%s is found in the ledger', (_, kind, write) => {
    const fixture = ledgerFixture();
    write(fixture);
    expect(told(fixture)).toEqual([`channel.invalid at ${kind}`]);
  });
});

describe('those whom a channel asks', () => {
  test('are its approvers that may approve, in its order, without the proposer', () => {
    const fixture = ledgerFixture();
    const { entries } = fixture.recorder;
    const trust = foldTrust(
      fixture.ledger,
      entries.flatMap(({ entry }, position) => (isTrustEntry(entry) ? [{ entry, position }] : [])),
    );
    if (!trust.ok) throw new Error(trust.refusal.message);
    const approvers = [deputy.id, lead.id, approver.id];
    const channels: Channels = new Map([['desk', { ...desk, approvers }]]);
    const asked = (name: string, proposer: Signer) =>
      approversOn(name, { channels, trust: trust.value, proposer: proposer.id });
    expect([asked('desk', lead), asked('desk', deputy), asked('other', deputy)]).toEqual([
      [deputy.id, approver.id],
      [approver.id],
      [approver.id],
    ]);
  });
});
