import type { Command } from 'commander';
import type { ApprovalOutcome } from '@chancery/domain/approvals';
import type { ControlMode } from '@chancery/kernel/control';
import type { RunView } from '@chancery/runtime/projections';
import {
  aboutText,
  haltsIn,
  isCancellation,
  liftText,
  type ListedHalt,
} from '../authority/halts.ts';
import { hostAuthority, listed, type Listed } from '../runs/listed.ts';
import { exitCodes, granted } from '../exit.ts';
import { allRuns, worthKeeping } from '../runs/kept-runs.ts';
import { reading } from '../opening.ts';
import { ownName } from '../own-name.ts';
import { readCount } from '../quantities.ts';
import type { Act, CommonFlags, Session } from '../session.ts';
import { dollars, instant } from '../terminal/amounts.ts';
import { showText } from '../terminal/fields.ts';
import { showTable, type Cell } from '../terminal/table.ts';
import { visible } from '../terminal/visible.ts';

interface Flags extends CommonFlags {
  readonly limit: string;
}

export function declare(command: Command, act: Act): void {
  command
    .option('--limit <n>', 'at most so many runs', '20')
    .option('--json', 'one JSON line of type "run" for each')
    .addHelpText(
      'after',
      `
Those that wait for a human come first, then unfinished ones, then the latest.

Examples:
  chancery runs
  chancery runs --json | jq -r 'select(.status.phase == "waiting") | .run'`,
    )
    .action((flags: Flags) => act(flags, (session) => runs(session, flags)));
}

async function runs(session: Session, flags: Flags): Promise<number> {
  const { home, terminal, json, env } = session;
  terminal.endWithReader();
  const limit = granted(readCount('--limit', flags.limit));
  return reading(home, async (open) => {
    const views = await allRuns(session, open, worthKeeping);
    const authority = await hostAuthority(session, open);
    const shown = await Promise.all(
      views
        .toSorted(byUrgency)
        .slice(0, limit)
        .map(async (view) => listed(home, view, { store: open.store, authority })),
    );
    if (json) for (const view of shown) terminal.json({ type: 'run', ...view });
    else if (shown.length === 0)
      showText(terminal, `No run yet: ${ownName(env)} run "TASK" --repo DIR`);
    else {
      const head = ['RUN', 'STATE', 'BEGAN', 'SPENT', 'DONE', 'REFUSED', 'TASK'];
      showTable(terminal, head, shown.map(rowOf));
      showWaiting(terminal, shown, ownName(env));
    }
    if (!json) showHalts(session, await haltsIn(session, open));
    return exitCodes.ok;
  });
}

const urgency: Readonly<Record<RunView['status']['phase'], number>> = {
  waiting: 0,
  'in-doubt': 0,
  open: 1,
  finished: 2,
};

function byUrgency(a: RunView, b: RunView): number {
  return urgency[a.status.phase] - urgency[b.status.phase] || b.startedAtMs - a.startedAtMs;
}

function rowOf(view: Listed): readonly Cell[] {
  const { run, startedAtMs, spent, commits, refusals, task } = view;
  return [
    { text: run, colour: 'bold' },
    stateOf(view),
    { text: instant(startedAtMs), colour: 'dim' },
    { text: dollars(spent.costMicrousd) },
    { text: String(commits) },
    { text: String(refusals) },
    { text: visible(task) },
  ];
}

const answerWords: Readonly<Record<ApprovalOutcome, string>> = {
  granted: 'approved',
  denied: 'denied',
  expired: 'expired',
  escalated: 'passed on',
};

const haltWords: Readonly<Record<ControlMode, string>> = {
  kill: 'halted',
  soft: 'halted',
  lockdown: 'locked',
};

function stateOf({ status, driven, answer, halted }: Listed): Cell {
  switch (status.phase) {
    case 'waiting':
      return { text: answer === null ? 'waits' : answerWords[answer], colour: 'yellow' };
    case 'in-doubt':
      return { text: 'in doubt', colour: 'yellow' };
    case 'open':
      if (halted !== null) return { text: haltWords[halted], colour: 'yellow' };
      return driven ? { text: 'runs', colour: 'cyan' } : { text: 'stopped', colour: 'yellow' };
    case 'finished':
      return { text: status.outcome, colour: status.outcome === 'succeeded' ? 'green' : 'red' };
  }
}

function showHalts({ terminal, env }: Session, halts: readonly ListedHalt[]): void {
  const shown = halts.filter((halt) => !isCancellation(halt));
  if (shown.length > 0) terminal.line();
  for (const halt of shown) {
    showText(terminal, `Halted (${halt.mode}): ${aboutText(halt)}: ${visible(halt.reason)}`);
    showText(terminal, liftText(halt, ownName(env)), 2);
  }
}

/** What each waiting run waits for, and the command that answers, or goes on after the answer. */
function showWaiting(terminal: Session['terminal'], shown: readonly Listed[], name: string): void {
  for (const { run, status, answer, driven } of shown) {
    if (status.phase === 'waiting' && answer !== null) {
      const what = visible(`${status.capability} ${status.about}`);
      terminal.line();
      const goesOn = driven ? 'it goes on' : 'resume it';
      showText(terminal, `${run}: ${what} is ${answerWords[answer]}; ${goesOn}`);
      if (!driven) showText(terminal, `${name} resume ${run}`, 2);
    } else if (status.phase === 'waiting') {
      const what = visible(`${status.capability} ${status.about}`);
      terminal.line();
      showText(terminal, `${run} waits for approval of ${what}`);
      showText(terminal, `${name} approve ${status.action.slice(0, 12)}`, 2);
    }
    if (status.phase === 'in-doubt') {
      terminal.line();
      const id = status.action.slice(0, 12);
      showText(terminal, `${run} is in doubt: ${visible(status.reason)}`);
      showText(terminal, `${name} resume ${run} --happened ${id} --evidence TEXT`, 2);
    }
  }
}
