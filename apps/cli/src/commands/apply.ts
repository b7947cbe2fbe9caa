import type { Command } from 'commander';
import { workspacesOf } from '../compose/house.ts';
import { exitCodes, granted, refuse } from '../exit.ts';
import { reading } from '../opening.ts';
import { findRun, viewRun } from '../runs/reading.ts';
import { broughtToItsEnd } from '../runs/stopping.ts';
import type { Act, CommonFlags, Session } from '../session.ts';

export function declare(command: Command, act: Act): void {
  command
    .argument('<run>', 'id of the run, or its first letters')
    .option('--json', 'one JSON line of type "applied"')
    .addHelpText(
      'after',
      `
Brings the result of a run that has succeeded into your checkout: fast-forward, or a merge without
conflict. On a conflict, or where you have changed the same files, nothing happens (exit code 8 or 2).
Ctrl-C lets it come to its end first; where it was cut off, the same again goes on.

Examples:
  chancery apply 6gzs`,
    )
    .action((run: string, flags: CommonFlags) => act(flags, (session) => apply(session, run)));
}

async function apply(session: Session, named: string): Promise<number> {
  const { home, terminal, json } = session;
  return reading(home, async (open) => {
    const run = await findRun(open.store, named);
    const { status, repository, baseCommit, branch } = await viewRun(open, run);
    if (status.phase !== 'finished') refuse('run.unfinished', `the run ${run} has no result yet`);
    const { outcome, commit, reason } = status;
    if (outcome !== 'succeeded') {
      refuse('precondition.failed', `the run ${run} has ended, ${outcome}: ${reason}`, {
        remedy: `Look at the branch ${branch} yourself, or start a new run.`,
      });
    }
    if (commit === null) refuse('precondition.failed', `the run ${run} has changed nothing`);
    const workspaces = await workspacesOf(home);
    const origin = { repository, baseCommit, baseBranch: null };
    const applied = await broughtToItsEnd(session, () => workspaces.apply(origin, commit));
    const head = granted(applied);
    if (json) terminal.json({ type: 'applied', run, repository, commit, head });
    else terminal.line(`${repository} is at ${head.slice(0, 12)}, with the result of ${run}.`);
    return exitCodes.ok;
  });
}
