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
import type { Draft, Kind } from '../ledger/index.ts';
import { foldTrust, isTrustEntry } from '../writ/index.ts';
import { ApprovalCheck } from './approval-check.ts';
import { Findings } from './finding.ts';

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

  test('is not released by a grant for less than it is held for', () => {
    const less = after((story, action) => {
      story.grant(story.ask(action));
      story.again(action);
    }, 2);
    expect(less).toEqual(['approval.missing at proposal.staged']);
  });

  test('is released by a grant for what it is held for, whatever it is said to have been held for', () => {
    const more = forged('proposal.suspended', (body) => ({
      ...body,
      hold: { ...body.hold, quorum: 2 },
    }));
    expect(more).toEqual(['decision.misstated at proposal.suspended']);
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

describe('what nothing holds any more', () => {
  const whyHeld = (answer: (story: RunStory, action: Digest) => void, nowMs = 8_999) => {
    const fixture = ledgerFixture();
    const story = begun(fixture);
    const action = story.hold();
    answer(story, action);
    const { ledger, recorder } = fixture;
    const placed = recorder.entries.map((sealed, position) => ({ ...sealed, position }));
    const trust = foldTrust(
      ledger,
      placed.flatMap(({ entry, position }) => (isTrustEntry(entry) ? [{ entry, position }] : [])),
    );
    if (!trust.ok) throw new Error(trust.refusal.message);
    const who = { trust: trust.value, proposer: people.agent.id };
    const asked = { ...who, channels: new Map(), reasons: undefined };
    const check = new ApprovalCheck(ledger, new Findings());
    for (const sealed of placed) {
      const { stream, seq } = sealed.entry;
      const { position } = sealed;
      if (stream.startsWith('approval:')) check.take({ stream, seq, position }, sealed, asked);
    }
    const nobody = { ...trust.value, keys: new Map() };
    const release = { action, run: story.stream, nowMs, trust: nobody, proposer: people.agent.id };
    const hold = { channel: 'human', quorum: 1 };
    return [undefined, hold].map((held) => check.whyHeld({ ...release, hold: held }));
  };

  test('is released by the answer alone, whose keys may have ended', () => {
    const granted = whyHeld((story, action) => story.grant(story.ask(action)));
    expect(granted).toEqual([undefined, 'too few who granted it may approve']);
  });

  test('is not released where nobody granted it, or too late', () => {
    const late = 'it was released too late';
    const nobody = 'nobody granted it';
    expect([
      whyHeld((story, action) => story.grant(story.ask(action)), 9_000),
      whyHeld((story, action) => void story.ask(action)),
      whyHeld(() => undefined),
    ]).toEqual([
      [late, late],
      [nobody, nobody],
      [nobody, nobody],
    ]);
  });
});

describe('a request', () => {
  const invalid = 'approval.invalid at approval.requested';

  test('tells humans the reason for which the action is held, and no other', () => {
    const better = { reason: 'a human has asked for it' };
    expect(forged('approval.requested', (body) => ({ ...body, ...better }))).toEqual([invalid]);
  });

  test('tells that of the last time, where it was held again', () => {
    const told = (reason: string) =>
      after((story, action) => {
        story.grant(story.ask(action));
        story.holdAgain(action, 2);
        story.ask(action, { m: 2, reason });
      });
    const [first, second] = [
      'src/package.json is protected',
      'the rule two asks; src/package.json is protected',
    ];
    expect([told(second), told(first)]).toEqual([[], [invalid]]);
  });

  test('is none about what its run does not hold', () => {
    const fixture = ledgerFixture();
    const story = begun(fixture);
    story.hold();
    story.ask(story.begin(), {});
    expect(told(fixture)).toContain(invalid);
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
