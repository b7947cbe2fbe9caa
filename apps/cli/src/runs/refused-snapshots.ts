import type { RefusedSnapshot } from '@chancery/runtime/snapshots';
import type { Terminal } from '../terminal/terminal.ts';
import { visible } from '../terminal/visible.ts';

/** Snapshots that were passed over, as `--json` tells them. */
export function refusedLines(refused: readonly RefusedSnapshot[]) {
  return refused.map(({ seq, refusal: { code, message } }) => ({ seq, code, message }));
}

/** Tells a person of snapshots that were passed over; what is shown was folded without them. */
export function tellRefused(
  { note, paint }: Pick<Terminal, 'note' | 'paint'>,
  run: string,
  refused: readonly RefusedSnapshot[],
): void {
  for (const { seq, refusal } of refused) {
    const { code, message, remedy } = refusal;
    note(paint.yellow(`${code}: entry ${seq} of snapshot:${run}: ${visible(message)}`));
    note(`  It was passed over, and older entries were folded instead. ${remedy}`);
  }
}
