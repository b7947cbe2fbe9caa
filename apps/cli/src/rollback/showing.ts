import { type Session } from '../session.ts';
import { visible } from '../terminal/visible.ts';
import { stepText, type Rollback } from './planning.ts';

/** Shows what would be undone, and what would stay. */
export function showRollback({ terminal, json }: Session, { run, to, plan }: Rollback): void {
  const { steps, lasting } = plan;
  if (json) {
    const shown = steps.map(({ commits, capability }) => ({ commits, capability }));
    terminal.json({ type: 'rollback', run, to, steps: shown, lasting });
    return;
  }
  const { paint } = terminal;
  if (steps.length === 0) terminal.line(`Nothing of ${run} after entry ${to} is to be undone.`);
  else terminal.line(`To be undone of ${run}, so that it is as after entry ${to}:`);
  for (const [index, { commits, capability }] of steps.entries()) {
    const entries = `${commits.length === 1 ? 'entry' : 'entries'} ${commits.join(', ')}`;
    terminal.line(`  ${index + 1}. ${visible(stepText(capability))}  ${paint.dim(entries)}`);
  }
  for (const { entry, capability } of lasting) {
    terminal.line(
      paint.yellow(`  stays: ${visible(capability)}, entry ${entry}: nothing undoes it`),
    );
  }
}
