import type { Session } from '../session.ts';
import { visible } from '../terminal/visible.ts';
import type { Rollback } from './planning.ts';
import { entriesText, stepText } from './step-text.ts';

/** Shows what would be undone, in its order, and what would stay. */
export function showRollbacks(session: Session, planned: readonly Rollback[]): void {
  for (const each of planned) showRollback(session, each);
  const { terminal, json } = session;
  const included = new Set(planned.map(({ run }) => run));
  const left = (planned.at(-1)?.children ?? []).filter((run) => !included.has(run));
  if (json || left.length === 0) return;
  terminal.line(
    terminal.paint.yellow(
      `  stays: ${left.join(', ')}: goes on from what would be undone; --with-children undoes that first`,
    ),
  );
}

function showRollback(
  { terminal, json }: Session,
  { run, to, plan, inherited, children, toSavepoint }: Rollback,
): void {
  const { steps, lasting } = plan;
  if (json) {
    const shown = steps.map(({ commits, capability }) => ({ commits, capability }));
    terminal.json({ type: 'rollback', run, to, steps: shown, lasting, inherited, children });
    return;
  }
  const { paint } = terminal;
  const files = toSavepoint === undefined ? '' : `, with the files of savepoint:${toSavepoint}`;
  if (steps.length === 0) terminal.line(`Nothing of ${run} after entry ${to} is to be undone.`);
  else terminal.line(`To be undone of ${run}, so that it is as after entry ${to}${files}:`);
  for (const [index, { commits, capability }] of steps.entries()) {
    terminal.line(
      `  ${index + 1}. ${visible(stepText(capability))}  ${paint.dim(entriesText(commits))}`,
    );
  }
  for (const { run: above, entry, capability } of inherited) {
    terminal.line(
      paint.yellow(
        `  stays: ${visible(capability)}, entry ${entry} of ${above}: only a rollback of that run can undo it`,
      ),
    );
  }
  for (const { entry, capability } of lasting) {
    terminal.line(
      paint.yellow(`  stays: ${visible(capability)}, entry ${entry}: nothing undoes it`),
    );
  }
}
