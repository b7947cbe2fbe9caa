import { ledgerFixture, RunStory, told, writeRun } from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import type { Digest } from '../encoding/index.ts';
import type { Kind } from '../ledger/index.ts';

/** What is told of a run in which every entry of a kind names another cause. */
function causedBy(kind: Kind, cause: Digest | null) {
  const fixture = ledgerFixture({
    edit: (drafts) => drafts.map((draft) => (draft.kind === kind ? { ...draft, cause } : draft)),
  });
  writeRun(fixture);
  return told(fixture);
}

describe('the cause of an entry', () => {
  test.each([
    ...['turn.started', 'model.requested', 'model.responded', 'intent.proposed'],
    ...['proposal.staged', 'proposal.suspended', 'proposal.rejected', 'execution.started'],
    ...['commit', 'approval.requested', 'approval.voted', 'approval.resolved'],
    'run.finished',
  ] as const)('is told when it is missing: %s', (kind) => {
    expect(causedBy(kind, null)).toEqual([`cause.misplaced at ${kind}`]);
  });

  test.each(['commit', 'run.finished'] as const)('is an earlier entry: %s', (kind) => {
    expect(causedBy(kind, 'a'.repeat(64))).toEqual([`cause.unknown at ${kind}`]);
  });

  test('is of a kind that causes it', () => {
    const genesis = ledgerFixture().recorder.ledger;
    expect(causedBy('run.started', genesis)).toEqual(['cause.misplaced at run.started']);
    expect(causedBy('commit', genesis)).toEqual(['cause.misplaced at commit']);
  });

  test('is no answer where a gate asks', () => {
    const fixture = ledgerFixture({
      edit: (drafts) =>
        drafts.map((draft) => {
          const isGate = draft.kind === 'intent.proposed' && draft.body.origin === 'gate';
          return isGate ? { ...draft, cause: answer() } : draft;
        }),
    });
    const answer = () =>
      fixture.recorder.entries.find(({ entry }) => entry.kind === 'model.responded')?.digest ??
      null;
    const story = new RunStory(fixture);
    story.start({ gates: ['true'] });
    story.think();
    story.gate('true', { inline: { exitCode: 0 } });
    expect(told(fixture)).toEqual(['cause.misplaced at intent.proposed']);
  });
});
