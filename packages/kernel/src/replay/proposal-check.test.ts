import {
  anotherPolicy,
  forging,
  halt,
  ledgerFixture,
  people,
  RunStory,
  someDigest,
  told,
  type FixtureOptions,
  type LedgerFixture,
} from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import { zeroAmounts } from '../account/index.ts';
import type { Digest } from '../encoding/index.ts';
import type { Draft, Kind } from '../ledger/index.ts';
import { revokeWrit } from '../writ/index.ts';

type Tale = (story: RunStory, action: Digest, fixture: LedgerFixture) => void;

/** Findings in a ledger whose run begins an action, and then goes on as told. */
function after(tale: Tale, options: FixtureOptions = {}): readonly string[] {
  const fixture = ledgerFixture(options);
  const story = new RunStory(fixture);
  story.start();
  tale(story, story.begin(), fixture);
  return told(fixture);
}

describe('an execution that was cut off', () => {
  test('may be staged and started again, and end', () => {
    const honest = after((story, action) => {
      story.again(action);
      story.commit(action);
      story.finish();
    });
    expect(honest).toEqual([]);
  });

  test('pays all that its first attempt had reserved', () => {
    const budget = { ...zeroAmounts, calls: 2, wallMs: 2_000 };
    const restarted = (times: number): readonly string[] =>
      after(
        (story, action) => {
          for (let time = 0; time < times; time += 1) story.again(action);
        },
        { terms: { budget } },
      );
    expect([restarted(1), restarted(2)]).toEqual([[], ['budget.overspent at execution.started']]);
  });

  test('is decided again under the policy that is active then', () => {
    const under = (old: boolean): readonly string[] =>
      after((story, action, fixture) => {
        const policySetDigest = anotherPolicy(fixture);
        story.again(action, old ? {} : { policySetDigest });
        story.commit(action);
        story.finish();
      });
    expect([under(false), under(true)]).toEqual([[], ['policy.mismatch at proposal.staged']]);
  });

  test('commits under the policy of its latest proposal, not of its first', () => {
    const first = ledgerFixture().policySet;
    const edit = forging('commit', (body) => ({ ...body, policySetDigest: first }));
    const fixture = ledgerFixture({ edit });
    const story = new RunStory(fixture);
    story.start();
    const action = story.begin();
    story.again(action, { policySetDigest: anotherPolicy(fixture) });
    story.commit(action);
    expect(told(fixture)).toEqual(['policy.mismatch at commit']);
  });

  test('is not started again outside the window, under a revoked writ or a control', () => {
    const late: Tale = (story, action) => story.again(action, { nowMs: 9_001 });
    const revoked: Tale = (story, action, { recorder, ledger, writ }) => {
      const envelope = revokeWrit({ ledger, writ: writ.id, reason: 'enough', by: people.root });
      recorder.write({ stream: `writ:${writ.id}`, kind: 'writ.revoked', body: { envelope } });
      story.again(action);
    };
    const halted: Tale = (story, action, fixture) => {
      halt(fixture, 'r1');
      story.again(action);
    };
    expect([late, revoked, halted].map((tale) => after(tale))).toEqual([
      ['writ.exceeded at proposal.staged'],
      ['writ.exceeded at proposal.staged'],
      ['control.ignored at proposal.staged'],
    ]);
  });

  test('may be found to have happened, and is committed at once', () => {
    const honest = after((story, action, fixture) => {
      anotherPolicy(fixture);
      story.doubt(action);
      story.reconcile(action, true);
      story.finish();
    });
    expect(honest).toEqual([]);
  });

  test('may be started again after it was found not to have happened', () => {
    const honest = after((story, action) => {
      story.doubt(action);
      story.reconcile(action, false);
      story.again(action);
      story.commit(action);
      story.finish();
    });
    expect(honest).toEqual([]);
  });

  test.each<readonly [string, Tale]>([
    ['committed', (story, action) => story.commit(action)],
    ['failed', (story, action) => story.fail(action)],
    ['in doubt', (story, action) => story.doubt(action)],
  ])('is not started again once it is %s', (_what, end) => {
    const again = after((story, action, fixture) => {
      end(story, action, fixture);
      story.again(action);
    });
    expect(again).toEqual(['run.misordered at proposal.staged']);
  });

  test('is in doubt until a human signs what became of it', () => {
    const without = forging('execution.reconciled', (body) => ({ ...body, word: null }));
    const another = forging('execution.reconciled', (body) => ({ ...body, evidence: 'heard' }));
    const doubted: Tale = (story, action) => {
      story.doubt(action);
      story.reconcile(action, false);
    };
    expect([
      after(doubted),
      after(doubted, { edit: without }),
      after(doubted, { edit: another }),
    ]).toEqual([
      [],
      ['word.invalid at execution.reconciled'],
      ['word.invalid at execution.reconciled'],
    ]);
  });

  test('does not fail once it was found to have happened', () => {
    const edit = (drafts: readonly Draft[]): readonly Draft[] =>
      drafts.map((draft) => {
        if (draft.kind !== 'commit') return draft;
        const failure = { class: 'terminal', code: 'timeout', message: '' } as const;
        const { action, cost } = draft.body;
        const body = { action, failure, redactions: 0, delta: [], cost };
        return { ...draft, kind: 'execution.failed', body };
      });
    const failed = after((story, action) => story.reconcile(action, true), { edit });
    expect(failed).toEqual(['run.misordered at execution.failed']);
  });
});

describe('the start of an execution', () => {
  function forged<K extends Kind>(
    kind: K,
    edit: (body: Draft<K>['body']) => object,
  ): readonly string[] {
    return after((story, action) => story.commit(action), { edit: forging(kind, edit) });
  }

  test('reserves what the proposal says', () => {
    const reserved = { ...zeroAmounts, calls: 1, wallMs: 999 };
    expect(forged('execution.started', (body) => ({ ...body, reserved }))).toEqual([
      'action.mismatch at execution.started',
    ]);
  });

  test('is the next attempt', () => {
    expect(forged('execution.started', (body) => ({ ...body, attempt: 2 }))).toEqual([
      'run.misordered at execution.started',
    ]);
  });

  test('follows the proposal of the same action', () => {
    const other = someDigest('another action');
    expect(forged('execution.started', (body) => ({ ...body, action: other }))).toContain(
      'run.misordered at execution.started',
    );
  });

  test('is in the batch of its proposal', () => {
    const fixture = ledgerFixture({
      apart: (drafts) => drafts.some(({ kind }) => kind === 'execution.started'),
    });
    const story = new RunStory(fixture);
    story.start();
    story.begin();
    expect(told(fixture)).toEqual(['run.misordered at execution.started']);
  });

  test('is under the policy that is active, which the commit names again', () => {
    const other = someDigest('another policy');
    expect([
      forged('proposal.staged', (body) => ({ ...body, policySetDigest: other })),
      forged('commit', (body) => ({ ...body, policySetDigest: other })),
    ]).toEqual([
      ['policy.mismatch at proposal.staged', 'policy.mismatch at commit'],
      ['policy.mismatch at commit'],
    ]);
  });
});

describe('an entry of a run', () => {
  test.each(['run.started', 'intent.proposed', 'commit', 'run.finished'] as const)(
    'is by the key that the run acts as: %s',
    (kind) => {
      const author: FixtureOptions['author'] = (drafts, by) =>
        drafts.some((draft) => draft.kind === kind) ? people.lead.id : by;
      const found = after(
        (story, action) => {
          story.commit(action);
          story.finish();
        },
        { author },
      );
      expect(found[0]).toMatch(/^entry.misattributed at /);
      expect(found).toContain(`entry.misattributed at ${kind}`);
    },
  );
});
