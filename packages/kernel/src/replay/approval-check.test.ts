import {
  forging,
  ledgerFixture,
  people,
  RunStory,
  told,
  writeRun,
  type LedgerFixture,
} from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import { sealEnvelope, type Digest, type JsonObject } from '../encoding/index.ts';
import { type Draft, type Kind } from '../ledger/index.ts';

const other: Digest = 'e'.repeat(64);

function begun(fixture: LedgerFixture): RunStory {
  const story = new RunStory(fixture);
  story.start();
  return story;
}

/** Findings in a ledger whose run holds an action, and then goes on as told. */
function after(goesOn: (story: RunStory, action: Digest) => void, quorum = 1): readonly string[] {
  const fixture = ledgerFixture();
  const story = begun(fixture);
  goesOn(story, story.hold('src/package.json', quorum));
  return told(fixture);
}

function forged<K extends Kind>(
  kind: K,
  edit: (body: Draft<K>['body']) => object,
): readonly string[] {
  const fixture = ledgerFixture({ edit: forging(kind, edit) });
  writeRun(fixture);
  return told(fixture);
}

describe('a held action', () => {
  test('is released by a grant', () => {
    const honest = after((story, action) => {
      story.grant(story.ask(action));
      story.again(action);
      story.commit(action);
      story.finish();
    });
    expect(honest).toEqual([]);
  });

  test('may be asked for again once it was resolved, for more votes', () => {
    const honest = after((story, action) => {
      story.grant(story.ask(action));
      story.holdAgain(action, 2);
      story.grant(story.ask(action, { m: 2 }), [people.approver, people.deputy]);
      story.again(action);
      story.commit(action);
      story.finish();
    });
    expect(honest).toEqual([]);
  });

  test('is not asked for again while a request is open', () => {
    const twice = after((story, action) => {
      story.ask(action);
      story.ask(action);
    });
    expect(twice).toEqual(['approval.invalid at approval.requested']);
  });

  test('is not released by an earlier grant for fewer votes', () => {
    const early = after((story, action) => {
      story.grant(story.ask(action));
      story.holdAgain(action, 2);
      story.again(action);
    });
    expect(early).toEqual(['approval.missing at proposal.staged']);
  });

  test('is not released while the second request is open', () => {
    const early = after((story, action) => {
      story.grant(story.ask(action));
      story.holdAgain(action, 2);
      story.ask(action, { m: 2 });
      story.again(action);
    });
    expect(early).toEqual(['approval.missing at proposal.staged']);
  });

  test('is not released without an answer', () => {
    expect(after((story, action) => story.again(action))).toEqual([
      'approval.missing at proposal.staged',
    ]);
  });

  test('is released in time alone, by the time of the decision that releases it', () => {
    const releasedAt = (nowMs: number): readonly string[] =>
      after((story, action) => {
        story.grant(story.ask(action, { expiresAt: 3_000 }));
        story.again(action, { nowMs });
      });
    expect([releasedAt(2_999), releasedAt(3_000)]).toEqual([
      [],
      ['approval.missing at proposal.staged'],
    ]);
  });

  test('is released once', () => {
    const twice = after((story, action) => {
      story.grant(story.ask(action));
      story.again(action);
      story.commit(action);
      story.again(action);
    });
    expect(twice).toEqual(['run.misordered at proposal.staged']);
  });

  test('is not released by too few votes, whatever the resolution says', () => {
    const few = after((story, action) => {
      story.grant(story.ask(action, { m: 2 }));
      story.again(action);
    }, 2);
    expect(few).toEqual([
      'approval.invalid at approval.resolved',
      'approval.missing at proposal.staged',
    ]);
  });

  test('is not released by a veto that is told as a grant', () => {
    const denied = forged('approval.voted', ({ envelope }) => {
      const payload = JSON.parse(Buffer.from(envelope.payload, 'base64').toString()) as JsonObject;
      const vote = { ...payload, vote: 'deny' };
      return {
        envelope: sealEnvelope('application/vnd.chancery.vote+json', vote, [people.approver]),
      };
    });
    expect(denied).toEqual([
      'approval.invalid at approval.resolved',
      'approval.missing at proposal.staged',
    ]);
  });

  test('is not released by the vote of its proposer', () => {
    const own = after((story, action) => {
      story.grant(story.ask(action), [people.agent]);
      story.again(action);
    });
    expect(own).toEqual([
      'approval.invalid at approval.resolved',
      'approval.missing at proposal.staged',
    ]);
  });

  test('is not released by a grant for less than it was held for', () => {
    const less = forged('proposal.suspended', (body) => ({
      ...body,
      hold: { ...body.hold, quorum: 2 },
    }));
    expect(less).toEqual([
      'decision.misstated at proposal.suspended',
      'approval.missing at proposal.staged',
    ]);
  });

  test('is not released by a grant to another run', () => {
    const fixture = ledgerFixture({
      edit: forging('approval.requested', (body) => ({ ...body, run: 'run:r2' })),
    });
    begun(fixture);
    const story = new RunStory(fixture, 'r3');
    story.start();
    new RunStory(fixture, 'r2').start();
    const action = story.hold();
    story.grant(story.ask(action));
    story.again(action);
    expect(told(fixture)).toContain('approval.missing at proposal.staged');
  });
});

describe('a resolution', () => {
  test.each([
    ['another outcome', { outcome: 'denied' }],
    ['another voter', { voters: [people.lead.id] }],
    ['another request', { request: other }],
    ['another action', { action: other }],
  ])('that tells %s than its votes', (_what, change) => {
    expect(forged('approval.resolved', (body) => ({ ...body, ...change }))).toEqual([
      'approval.invalid at approval.resolved',
    ]);
  });
});

describe('an approval by a key that has no part in it', () => {
  test.each(['approval.requested', 'approval.voted', 'approval.resolved'] as const)(
    'is told: %s',
    (kind) => {
      const fixture = ledgerFixture({
        apart: (drafts) => drafts.some((draft) => draft.kind === 'approval.resolved'),
        author: (drafts, by) => (drafts.some((draft) => draft.kind === kind) ? people.lead.id : by),
      });
      writeRun(fixture);
      expect(told(fixture)).toEqual([`entry.misattributed at ${kind}`]);
    },
  );
});
