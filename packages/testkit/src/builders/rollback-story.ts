import { type JsonObject } from '@chancery/kernel/encoding';
import { type Body } from '@chancery/kernel/ledger';
import { RunStory } from './run-story.ts';

function undoArgs(index: number): JsonObject {
  return { path: 'src/sum.ts', content: `undone ${index}` };
}

/** Writes the entries of a run that undoes another. */
export class RollbackStory extends RunStory {
  /** The run is to undo what another did: each step by writing a file, for these entries of it. */
  plan(
    steps: readonly (readonly number[])[],
    lasting: Body<'compensation.planned'>['lasting'] = [],
  ): void {
    const planned = steps.map((commits, index) => {
      const args = this.kept(undoArgs(index));
      return { commits, capability: 'fs.write', args };
    });
    this.write({ kind: 'compensation.planned', body: { steps: planned, lasting } });
  }

  /** A step of the plan is done. */
  undo(index: number, commits: readonly number[], args: JsonObject = undoArgs(index)): void {
    const { proposed, staged } = this.propose('rollback', 'fs.write', args);
    const action = staged.body.actionDigest;
    this.write(proposed, staged, this.started(action));
    this.write({ kind: 'commit', body: { ...this.commitBody(action), compensates: commits } });
  }

  /** So many steps of the plan were done. */
  conclude(done: number, left: number): void {
    this.write({ kind: 'compensation.finished', body: { done, left } });
  }
}
