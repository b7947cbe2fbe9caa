import type { Body } from '@chancery/kernel/ledger';
import { recordedTree } from './prepare.ts';
import type { RunContext } from './run-context.ts';

/**
 * Where an action works. A gate judges the recorded files and nothing else: it runs in a fresh copy
 * of the candidate tree, without the ignored files that commands have left in the worktree, and
 * what it writes is gone with the copy.
 */
export async function inPlace<T>(
  run: RunContext,
  origin: Body<'intent.proposed'>['origin'],
  act: (run: RunContext) => Promise<T>,
): Promise<T> {
  if (origin !== 'gate') return act(run);
  const scratch = await run.workspace.scratch(recordedTree(run));
  try {
    const surroundings = { ...run.surroundings, root: scratch.root };
    return await act({ ...run, surroundings, detached: true });
  } finally {
    await scratch.dispose();
  }
}
