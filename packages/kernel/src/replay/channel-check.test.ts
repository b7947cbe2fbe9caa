import {
  defineOn,
  ledgerFixture,
  people,
  RunStory,
  told,
  type LedgerFixture,
} from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import type { Digest } from '../encoding/index.ts';
import type { Draft } from '../ledger/index.ts';

const { approver, deputy } = people;
const wrongly = 'approval.invalid at approval.requested';

/** Findings in a ledger with channels, whose run holds an action and goes on as told. */
function after(
  goesOn: (story: RunStory, action: Digest, fixture: LedgerFixture) => void,
  define: (fixture: LedgerFixture) => void = (fixture) => defineOn(fixture),
): readonly string[] {
  const fixture = ledgerFixture();
  define(fixture);
  const story = new RunStory(fixture);
  story.start();
  goesOn(story, story.hold(), fixture);
  return told(fixture);
}

function done(story: RunStory, action: Digest): void {
  story.again(action);
  story.commit(action);
  story.finish();
}

const time = { expiresAt: 6_000 };

describe('a request on a channel that is defined', () => {
  test('asks its approvers, as long as the channel says', () => {
    const honest = after((story, action) => {
      story.grant(story.ask(action, time));
      done(story, action);
    });
    expect(honest).toEqual([]);
  });

  test.each([
    ['others', { quorum: { m: 1, of: [deputy.id] } }],
    ['others beside them', { quorum: { m: 1, of: [approver.id, deputy.id] } }],
    ['nobody', { quorum: { m: 1, of: [] } }],
  ])('is found where it asks %s', (_, change) => {
    expect(after((story, action) => story.ask(action, { ...time, ...change }))).toEqual([wrongly]);
  });

  test.each([
    ['that leaves more time', { expiresAt: 9_000 }],
    ['that is passed on', { ...time, escalate: { to: 'lead', at: 3_000 } }],
  ])('%s than the channel says is found', (_, change) => {
    expect(after((story, action) => story.ask(action, change))).toEqual([wrongly]);
  });

  test('counts no vote of an approver whom the channel does not ask', () => {
    const forged = after((story, action) => {
      story.grant(story.ask(action, time), [deputy]);
      story.again(action);
    });
    expect(forged).toEqual([
      'approval.invalid at approval.resolved',
      'approval.missing at proposal.staged',
    ]);
  });

  test('means what it meant when it was asked, whatever the channel becomes', () => {
    const honest = after((story, action, fixture) => {
      const request = story.ask(action, time);
      defineOn(fixture, { approvers: [deputy.id], withinMs: 1 });
      story.grant(request);
      done(story, action);
    });
    expect(honest).toEqual([]);
  });
});

describe('a request that nobody decides in time', () => {
  const both = (fixture: LedgerFixture): void => {
    defineOn(fixture, { name: 'lead', approvers: [deputy.id], withinMs: 4_000 });
    defineOn(fixture, { escalate: { to: 'lead', afterMs: 5 } });
  };
  // A batch a millisecond: the request is recorded at 2,007 or so.
  const escalate = { to: 'lead', at: 2_008 };
  const first = { ...time, escalate };
  const next = { channel: 'lead', quorum: { m: 1, of: [deputy.id] }, expiresAt: 5_000 };

  const passed = (change: object = {}, earlier: object = { escalate }): readonly string[] =>
    after((story, action) => {
      const request = story.ask(action, { ...time, ...earlier });
      story.think();
      story.grant(story.passOn(request, { ...next, ...change }), [deputy]);
      story.again(action);
    }, both);

  test('is asked anew on the next channel, whose approvers answer it', () => {
    expect(passed()).toEqual([]);
  });

  test.each([
    ['on another channel', { channel: 'human', quorum: { m: 1, of: [approver.id] } }],
    ['for fewer votes', { quorum: { m: 0, of: [deputy.id] } }],
    ['of others', { quorum: { m: 1, of: [approver.id, deputy.id] } }],
    ['for longer', { expiresAt: 9_000 }],
    ['for another reason', { reason: 'a human has asked for it' }],
  ])('is found where it is asked anew %s', (_, change) => {
    expect(passed(change)[0]).toBe(wrongly);
  });

  test('is not passed on before its time, nor where its channel passes nothing on', () => {
    expect(passed({}, { escalate: { to: 'lead', at: 2_011 } })).toContain(
      'approval.invalid at approval.resolved',
    );
    expect(passed({}, {})[0]).toBe('approval.invalid at approval.resolved');
  });

  test('is not passed on without anybody being asked', () => {
    const alone = after((story, action, { recorder }) => {
      const { stream, request } = story.ask(action, first);
      story.think();
      const body = { action, request, outcome: 'escalated', voters: [], reason: '' } as const;
      recorder.write({ stream, kind: 'approval.resolved', body, cause: request });
    }, both);
    expect(alone).toEqual(['approval.invalid at approval.resolved']);
  });

  test('is asked anew in the batch that passes it on, and in no other', () => {
    const apart = (drafts: readonly Draft[]): boolean =>
      drafts.some(({ kind }) => kind === 'approval.requested');
    const fixture = ledgerFixture({ apart });
    both(fixture);
    const story = new RunStory(fixture);
    story.start();
    const request = story.ask(story.hold(), first);
    story.think();
    story.passOn(request, next);
    expect(told(fixture)).toEqual(['approval.invalid at approval.resolved', wrongly]);
  });

  test('is answered by no vote of before', () => {
    const late = after((story, action) => {
      const request = story.ask(action, first);
      story.think();
      story.passOn(request, next);
      story.grant(request);
      story.again(action);
    }, both);
    expect(late).toEqual([
      'approval.invalid at approval.resolved',
      'approval.missing at proposal.staged',
    ]);
  });
});
