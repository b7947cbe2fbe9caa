import type { DriveEnd } from '@chancery/runtime/drive';
import type { RunStatus, RunView } from '@chancery/runtime/projections';
import type { Session } from '../session.ts';
import { amountsText, duration } from '../terminal/amounts.ts';
import { showFields, type Field } from '../terminal/fields.ts';
import { visible } from '../terminal/visible.ts';

/** What driving a run came to. */
export interface RunResult {
  readonly view: RunView;
  readonly end: DriveEnd['kind'];
  /** Commit that the user's checkout is at; null when nothing was applied. */
  readonly applied: string | null;
  /** Commands that go on from here. */
  readonly next: readonly string[];
  /** What the repository took to be prepared before its first entry; 0 for a run that is gone on with. */
  readonly preparedMs: number;
}

/** Shows a result: one JSON line of type `result`, or a short summary. */
export function showResult({ terminal, json }: Session, result: RunResult): void {
  const { view, end, applied, next, preparedMs } = result;
  if (json) {
    terminal.json({ type: 'result', end, applied, next, ...view });
    return;
  }
  terminal.line();
  showFields(terminal, [
    ['Run', view.run],
    ['Result', resultText(view, end)],
    ...view.gates.map(({ command, passed, exitCode }): Field => [
      'Gate',
      `${visible(command)}: ${passed ? 'passed' : `failed (${exitCode})`}`,
    ]),
    ['Actions', actionsText(view)],
    ['Spent', amountsText(view.spent)],
    ['Took', tookText(view, preparedMs)],
    ...branchField(view),
    ...(applied === null
      ? []
      : [['Applied', `your checkout is at ${applied.slice(0, 12)}`] as const]),
    ...next.map((command, index): Field => [index === 0 ? 'Next' : '', command]),
  ]);
}

function tookText({ lastAtMs, startedAtMs }: RunView, preparedMs: number): string {
  const took = duration(lastAtMs - startedAtMs);
  return preparedMs === 0
    ? took
    : `${took}, and ${duration(preparedMs)} before to prepare the files`;
}

function branchField({ status, branch }: RunView): readonly Field[] {
  if (status.phase !== 'finished') return [];
  if (status.commit === null) return [['Files', 'none was changed']];
  return [['Branch', `${branch} at ${status.commit.slice(0, 12)}`]];
}

function resultText({ status }: RunView, end: DriveEnd['kind']): string {
  if (end === 'stopped') return 'stopped; nothing is lost';
  if (end === 'halted') return 'halted by a control; nothing is lost';
  return statusText(status);
}

/** What a run is at, in a few words. */
export function statusText(status: RunStatus): string {
  switch (status.phase) {
    case 'open':
      return 'unfinished';
    case 'waiting':
      return `waits for approval of ${visible(`${status.capability} ${status.about}`)} (${status.rule})`;
    case 'in-doubt':
      return `in doubt: ${visible(status.reason)}`;
    case 'finished':
      return `${status.outcome}: ${visible(status.reason)}`;
  }
}

function actionsText({ commits, refusals, holds, failures, turns }: RunView): string {
  const parts = [
    `${commits} done`,
    `${refusals} refused`,
    `${holds} held`,
    `${failures} failed`,
    `in ${turns} turns`,
  ];
  return parts.join(', ');
}
