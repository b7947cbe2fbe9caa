import { zeroAmounts } from '@chancery/kernel/account';
import { openRunState } from '@chancery/kernel/replay';
import {
  ledgerFixture,
  RunStory,
  someDigest,
  writeRun,
  type LedgerFixture,
} from '@chancery/testkit/builders';
import { describe, expect, it } from 'vitest';
import type { Contents } from '../cognition/index.ts';
import { runView, type RunView } from './index.ts';

const contents: Contents = (content) => ('inline' in content ? content.inline : 'outside');

function viewOf({ recorder }: LedgerFixture, untilKind?: string): RunView | undefined {
  const state = openRunState('run:r1');
  for (const sealed of recorder.entries) {
    if (sealed.entry.stream !== 'run:r1') continue;
    state.advance(sealed);
    if (sealed.entry.kind === untilKind) break;
  }
  return runView(state, contents);
}

describe('the view of a run', () => {
  it('is nothing before it has begun', () => {
    expect(runView(openRunState('run:r1'), contents)).toBe(undefined);
  });

  it('counts what happened and sums what it cost', () => {
    const fixture = ledgerFixture();
    writeRun(fixture);
    const view = viewOf(fixture);
    expect(view).toMatchObject({
      run: 'r1',
      task: 'mend the sum',
      model: 'scripted:mend',
      repository: '/repository',
      branch: 'chancery/r1',
      writ: fixture.writ.id,
      ...{ entries: 19, turns: 2, commits: 2, refusals: 1, holds: 1, failures: 0 },
      spent: { ...zeroAmounts, tokens: 20, costMicrousd: 4, calls: 2, wallMs: 6 },
      status: { phase: 'finished', outcome: 'succeeded', reason: 'done', commit: null },
    });
    expect(view?.startedAtMs).toBeLessThan(view?.lastAtMs ?? 0);
  });

  it('waits from the hold until the action goes on', () => {
    const fixture = ledgerFixture();
    writeRun(fixture);
    expect(viewOf(fixture, 'proposal.suspended')?.status).toEqual({
      phase: 'waiting',
      action: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      capability: 'fs.write',
      about: 'src/package.json',
      channel: 'human',
      rule: 'protected-path',
      reason: 'src/package.json is protected',
    });
    expect(viewOf(fixture, 'commit')?.status).toEqual({ phase: 'open' });
    const { recorder } = fixture;
    const state = openRunState('run:r1');
    const phases = recorder.entries
      .filter(({ entry }) => entry.stream === 'run:r1')
      .map((sealed) => {
        state.advance(sealed);
        return `${sealed.entry.kind}: ${runView(state, contents)?.status.phase ?? ''}`;
      });
    const held = phases.indexOf('proposal.suspended: waiting');
    expect(phases.slice(held)).toEqual([
      'proposal.suspended: waiting',
      'proposal.staged: open',
      'execution.started: open',
      'commit: open',
      'run.finished: finished',
    ]);
  });

  it('is in doubt until somebody has found out', () => {
    const fixture = ledgerFixture();
    const story = new RunStory(fixture);
    story.start();
    const action = someDigest('an action');
    const write = { stream: story.stream } as const;
    fixture.recorder.write({
      ...write,
      kind: 'execution.in-doubt',
      body: { action, reason: 'cut off' },
    });
    expect(viewOf(fixture)?.status).toEqual({ phase: 'in-doubt', action, reason: 'cut off' });
    fixture.recorder.write({
      ...write,
      kind: 'execution.reconciled',
      body: { action, happened: false, evidence: 'looked', word: null },
    });
    expect(viewOf(fixture)?.status).toEqual({ phase: 'open' });
  });
});
