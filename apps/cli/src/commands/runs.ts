import { type Command } from 'commander';
import { type ApprovalOutcome } from '@chancery/domain/approvals';
import { type LedgerStore } from '@chancery/kernel/ledger';
import { type RunView } from '@chancery/runtime/projections';
import { isDriven } from '../runs/driven.ts';
import { exitCodes, granted } from '../exit.ts';
import { type Home } from '../home.ts';
import { allRuns, worthKeeping } from '../runs/kept-runs.ts';
import { reading } from '../opening.ts';
import { ownName } from '../own-name.ts';
import { readCount } from '../quantities.ts';
import { answerOf } from '../runs/reading.ts';
import { type Act, type CommonFlags, type Session } from '../session.ts';
import { dollars, instant } from '../terminal/amounts.ts';
import { showTable, type Cell } from '../terminal/table.ts';
import { visible } from '../terminal/visible.ts';

interface Flags extends CommonFlags {
  readonly limit: string;
}

/** A run with whether a process is at it, and what humans have said to what it waits for. */
interface Listed extends RunView {
  readonly driven: boolean;
  readonly answer: ApprovalOutcome | null;
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
  const limit = granted(readCount('--limit', flags.limit));
  return reading(home, async (open) => {
    const { store } = open;
    const views = await allRuns(session, open, worthKeeping);
    const shown = await Promise.all(
      views
        .toSorted(byUrgency)
        .slice(0, limit)
        .map((view) => listed(home, store, view)),
    );
    if (json) for (const view of shown) terminal.json({ type: 'run', ...view });
    else if (shown.length === 0) terminal.line(`No run yet: ${ownName(env)} run "TASK" --repo DIR`);
    else {
      const head = ['RUN', 'STATE', 'BEGAN', 'SPENT', 'DONE', 'REFUSED', 'TASK'];
      showTable(terminal, head, shown.map(rowOf));
      showWaiting(terminal, shown, ownName(env));
    }
    return exitCodes.ok;
  });
}

async function listed(home: Home, store: LedgerStore, view: RunView): Promise<Listed> {
  const ended = view.status.phase === 'finished';
  const driven = ended ? false : await isDriven(home, view.run);
  return { ...view, driven, answer: await answerOf(store, view) };
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
};

function stateOf({ status, driven, answer }: Listed): Cell {
  switch (status.phase) {
    case 'waiting':
      return { text: answer === null ? 'waits' : answerWords[answer], colour: 'yellow' };
    case 'in-doubt':
      return { text: 'in doubt', colour: 'yellow' };
    case 'open':
      return driven ? { text: 'runs', colour: 'cyan' } : { text: 'stopped', colour: 'yellow' };
    case 'finished':
      return { text: status.outcome, colour: status.outcome === 'succeeded' ? 'green' : 'red' };
  }
}

/** What each waiting run waits for, and the command that answers, or goes on after the answer. */
function showWaiting(terminal: Session['terminal'], shown: readonly Listed[], name: string): void {
  for (const { run, status, answer, driven } of shown) {
    if (status.phase === 'waiting' && answer !== null) {
      const what = visible(`${status.capability} ${status.about}`);
      terminal.line();
      terminal.line(
        `${run}: ${what} is ${answerWords[answer]}; ${driven ? 'it goes on' : 'resume it'}`,
      );
      if (!driven) terminal.line(`  ${name} resume ${run}`);
    } else if (status.phase === 'waiting') {
      const what = visible(`${status.capability} ${status.about}`);
      terminal.line();
      terminal.line(`${run} waits for approval of ${what}`);
      terminal.line(`  ${name} approve ${status.action.slice(0, 12)}`);
    }
    if (status.phase === 'in-doubt') {
      terminal.line();
      terminal.line(`${run} is in doubt: ${visible(status.reason)}`);
      terminal.line(
        `  ${name} resume ${run} --happened ${status.action.slice(0, 12)} --evidence TEXT`,
      );
    }
  }
}
