import {
  anotherPolicy,
  ledgerFixture,
  RunStory,
  someDigest,
  told,
  type LedgerFixture,
} from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import { actionDigest as digestOf, actionFrom } from '../compiler/index.ts';
import type { Digest } from '../encoding/index.ts';
import { causes, type Body, type Draft, type Kind } from '../ledger/index.ts';

const between = 40;

/** A run in which an action ended, and much else has happened since. */
class OldAction {
  readonly fixture: LedgerFixture;
  readonly story: RunStory;
  readonly action: Digest;

  constructor(end: 'committed' | 'failed' | 'approved' | 'gate' = 'committed') {
    this.fixture = ledgerFixture();
    this.story = new RunStory(this.fixture);
    this.story.start({ gates: ['npm test'] });
    this.action = this.actionThat(end);
    for (let n = 0; n < between; n += 1) this.story.act(`src/file-${n}.ts`);
  }

  /** The body of the entry of this kind that tells of the old action. */
  body<K extends Kind>(kind: K): Body<K> {
    const found = this.fixture.recorder.entries.find(
      ({ entry, text }) => entry.kind === kind && text.includes(this.action),
    );
    if (found === undefined) throw new Error(`nothing of the kind ${kind}`);
    return found.entry.body as Body<K>;
  }

  /** Appends entries to the run as somebody would who has its key, each caused as it may be. */
  write(...drafts: readonly { readonly kind: Kind; readonly body: unknown }[]): void {
    const { recorder } = this.fixture;
    const batch = drafts.map(({ kind, body }, index) => {
      const here = drafts.slice(0, index).findLastIndex((each) => causes[kind].includes(each.kind));
      const before = recorder.entries.findLast(({ entry }) => causes[kind].includes(entry.kind));
      return { stream: 'run:r1', kind, body, cause: here >= 0 ? here : (before?.digest ?? null) };
    });
    recorder.write(...(batch as unknown as readonly Draft[]));
  }

  get told(): readonly string[] {
    return told(this.fixture);
  }

  private actionThat(end: 'committed' | 'failed' | 'approved' | 'gate'): Digest {
    if (end === 'approved') return this.story.actApproved();
    if (end === 'gate') return this.story.gate('npm test', { inline: { exitCode: 1 } });
    if (end === 'committed') return this.story.act();
    const action = this.story.begin();
    this.story.fail(action);
    return action;
  }
}

const plain = { delta: [] };

describe('an action that ended long before', () => {
  test('is told of no more, and nothing is found', () => {
    expect(new OldAction().told).toEqual([]);
  });

  test.each(['committed', 'failed'] as const)('is not committed after it has %s', (end) => {
    const old = new OldAction(end);
    const commit = end === 'committed' ? old.body('commit') : new OldAction().body('commit');
    old.write({ kind: 'commit', body: { ...commit, ...plain } });
    expect(old.told).toEqual(['run.misordered at commit']);
  });

  test.each(['committed', 'failed'] as const)('does not fail after it has %s', (end) => {
    const old = new OldAction(end);
    const failed = new OldAction('failed').body('execution.failed');
    old.write({ kind: 'execution.failed', body: { ...failed, action: old.action } });
    expect(old.told).toEqual(['run.misordered at execution.failed']);
  });

  test('is compared with its own contract and policy where it is committed again', () => {
    const old = new OldAction();
    const commit = { ...old.body('commit'), ...plain };
    const wrong = { contractDigest: someDigest('other'), policySetDigest: someDigest('other') };
    old.write({ kind: 'commit', body: { ...commit, ...wrong } });
    expect(old.told).toEqual([
      'run.misordered at commit',
      'action.mismatch at commit',
      'policy.mismatch at commit',
    ]);
  });

  test('is not staged and started again', () => {
    const old = new OldAction();
    old.story.again(old.action);
    expect(old.told).toEqual(['run.misordered at proposal.staged']);
  });

  test('is started again as no attempt but the next', () => {
    const old = new OldAction();
    const staged = old.body('proposal.staged');
    const nowMs = old.fixture.recorder.nowMs;
    const started = old.body('execution.started');
    old.write(
      {
        kind: 'proposal.staged',
        body: { ...staged, nowMs, question: old.story.askedAgain(old.action) },
      },
      { kind: 'execution.started', body: started },
    );
    expect(old.told).toEqual([
      'run.misordered at proposal.staged',
      'run.misordered at execution.started',
    ]);
  });

  test('is not started again without a proposal', () => {
    const old = new OldAction();
    const started = old.body('execution.started');
    old.write({ kind: 'execution.started', body: { ...started, attempt: 2 } });
    expect(old.told).toEqual(['run.misordered at execution.started']);
  });

  test('is not in doubt, and nothing is found out of it', () => {
    const old = new OldAction();
    old.write({ kind: 'execution.in-doubt', body: { action: old.action, reason: 'who knows' } });
    old.story.reconcile(old.action, true);
    expect(old.told).toContain('run.misordered at execution.in-doubt');
  });

  test('needs its approval again, where it is started again under a policy that holds it', () => {
    const old = new OldAction('approved');
    old.story.holdAgain(old.action, 2);
    old.story.again(old.action);
    expect(old.told).toEqual([
      'run.misordered at proposal.staged',
      'approval.missing at proposal.staged',
    ]);
  });

  test('is a gate that gave what it gave', () => {
    const old = new OldAction('gate');
    const gate = { command: 'npm test', action: old.action, exitCode: 0, passed: true };
    old.story.finish({ gates: [gate] });
    expect(old.told).toEqual(['run.misstated at run.finished']);
  });

  test('keeps the policy that it was decided under, whatever came to be active since', () => {
    const old = new OldAction();
    const policySetDigest = anotherPolicy(old.fixture);
    const commit = { ...old.body('commit'), ...plain, policySetDigest };
    old.write({ kind: 'commit', body: commit });
    expect(old.told).toEqual(['run.misordered at commit', 'policy.mismatch at commit']);
  });
});

describe('an intent that was proposed long before', () => {
  test.each(['proposed', 'made up'])('is that of an action; %s', (what) => {
    const old = new OldAction();
    const staged = old.body('proposal.staged');
    const intent = what === 'proposed' ? staged.action.intent : someDigest(what);
    const action = { ...staged.action, intent, resolved: { inline: what } };
    const whole = actionFrom(action, (content) => ('inline' in content ? content.inline : null));
    const actionDigest = whole === undefined ? '' : digestOf(whole);
    const { nowMs } = old.fixture.recorder;
    const question = old.story.askedAgain(old.action);
    const body = { ...staged, action, actionDigest, question, nowMs };
    old.write({ kind: 'proposal.staged', body });
    expect(old.told).toEqual(what === 'proposed' ? [] : ['action.mismatch at proposal.staged']);
  });

  test('is not that of an action for another capability', () => {
    const old = new OldAction();
    const staged = old.body('proposal.staged');
    const action = { ...staged.action, capability: 'shell.run' };
    const nowMs = old.fixture.recorder.nowMs;
    old.write({
      kind: 'proposal.staged',
      body: { ...staged, action, actionDigest: someDigest('made up'), nowMs },
    });
    expect(old.told).toContain('action.mismatch at proposal.staged');
  });
});
