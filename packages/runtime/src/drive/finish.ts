import type { Body, Draft, Head } from '@chancery/kernel/ledger';
import { RefusalError } from '@chancery/kernel/refusal';
import { worldDigest } from '@chancery/kernel/world';
import {
  availableIn,
  record,
  recordedTree,
  type Recorder,
  type RunContext,
} from '../broker/index.ts';
import type { RunOutcome } from '../cognition/index.ts';
import { headOf, runId } from './ask.ts';
import type { TreeDigest, Workspace } from '../workspace/index.ts';
import type { DrivenRun } from './driven-run.ts';
import { removeOrLeave } from './sweep.ts';

/**
 * Ends a run: the files as they are recorded become a commit on the run's branch, where they differ
 * from those it began with. Doing it twice gives the same commit.
 * @throws {RefusalError} `repo.*` where no commit can be made, unless the run is cancelled.
 */
export async function finish(
  { context, progress }: DrivenRun,
  outcome: RunOutcome,
  reason: string,
): Promise<Body<'run.finished'>> {
  const { trajectory, workspace } = context;
  const tree = recordedTree(context);
  const { loop } = progress;
  // What a run goes on from need not be what its commit has.
  const changed = loop.branched !== undefined || tree !== loop.started?.workspace.tree;
  const message = commitMessage(loop.started?.task ?? '', context.stream, outcome);
  const made = changed
    ? await commitOf(workspace, outcome, { tree, message })
    : { commit: null, without: '' };
  const body: Body<'run.finished'> = {
    outcome,
    reason: context.redactor.redactText(`${reason}${made.without}`).value,
    gates: loop.gates,
    commit: made.commit,
    tree,
    worldDigest: worldDigest(trajectory.world),
    spent: trajectory.spent,
  };
  await close(context, body);
  await removeOrLeave(() => workspace.dispose());
  return body;
}

/** A run that is cancelled ends in any case, and tells why nothing was committed. */
async function commitOf(
  workspace: Workspace,
  outcome: RunOutcome,
  { tree, message }: { readonly tree: TreeDigest; readonly message: string },
): Promise<{ readonly commit: string | null; readonly without: string }> {
  try {
    return { commit: await workspace.commit(tree, message), without: '' };
  } catch (error) {
    if (outcome !== 'cancelled' || !(error instanceof RefusalError)) throw error;
    return { commit: null, without: `; no commit could be made: ${error.refusal.message}` };
  }
}

/** What is needed of a run to record its end. */
export type Closing = Recorder & Pick<RunContext, 'authority' | 'writ'>;

/** Records the end; a writ that was carved out of another brings back what it has left. */
export async function close(context: Closing, body: Body<'run.finished'>): Promise<void> {
  for (;;) {
    const standing = await context.authority.standing(runId(context), context.writ);
    const [own, parent] = standing.chain;
    const cause = headOf(context);
    const drafts: Draft[] = [{ stream: context.stream, kind: 'run.finished', body, cause }];
    const heads = new Map<string, Head | null>();
    if (own !== undefined && parent !== undefined) {
      const stream = `writ:${parent.id}`;
      const returned = availableIn(context, standing);
      heads.set(stream, standing.reads.find((read) => read.stream === stream)?.head ?? null);
      drafts.push({ stream, kind: 'writ.closed', body: { child: own.id, returned }, cause: 0 });
    }
    if ((await record(context, drafts, { heads })) === 'recorded') return;
  }
}

const subjectChars = 72;

function commitMessage(task: string, stream: string, outcome: RunOutcome): string {
  const [first = ''] = task.trim().split('\n');
  const subject =
    first.length > subjectChars ? `${first.slice(0, subjectChars - 1).toWellFormed()}…` : first;
  return `${subject}\n\nChancery-Run: ${stream.slice('run:'.length)}\nChancery-Outcome: ${outcome}\n`;
}
