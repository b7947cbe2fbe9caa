import {
  routedOutcomes,
  routedOutcomesOf,
  type RoutedOutcome,
} from '@chancery/runtime/projections';
import { exitCodes, granted } from '../exit.ts';
import { reading, type OpenLedger } from '../opening.ts';
import { readTime } from '../quantities.ts';
import { findRun } from '../runs/reading.ts';
import type { CommonFlags, Session } from '../session.ts';
import { dollars, duration, instant } from '../terminal/amounts.ts';
import { showTable, type Cell } from '../terminal/table.ts';
import { visible } from '../terminal/visible.ts';

export interface ExportFlags extends CommonFlags {
  readonly since?: string;
  readonly all?: boolean;
}

/** Tells what became of the proposals of these runs, or of all, in the order in which it was settled. */
export async function exportFeedback(
  session: Session,
  named: readonly string[],
  flags: ExportFlags,
): Promise<number> {
  const { home, terminal, json } = session;
  terminal.endWithReader();
  const isNew = newerThan(flags.since);
  const shown: RoutedOutcome[] = [];
  await reading(home, async (open) => {
    for await (const outcome of outcomesIn(open, await runsOf(open, named))) {
      if (!isNew(outcome) || (outcome.decision === null && flags.all !== true)) continue;
      if (json) terminal.json({ type: 'routed', ...outcome });
      else shown.push(outcome);
    }
  });
  if (!json) show(session, shown);
  return exitCodes.ok;
}

async function runsOf(
  { store }: OpenLedger,
  named: readonly string[],
): Promise<ReadonlySet<string>> {
  const runs = new Set<string>();
  for (const name of named) runs.add(await findRun(store, name));
  return runs;
}

/** One run is read by itself; several in one pass, so that their lines come in one order. */
function outcomesIn(
  { store }: OpenLedger,
  runs: ReadonlySet<string>,
): AsyncIterable<RoutedOutcome> {
  const [run] = runs;
  if (run !== undefined && runs.size === 1) return routedOutcomesOf(store, run);
  return routedOutcomes(store, runs.size === 0 ? undefined : runs);
}

/** Refuses `usage.invalid`. */
function newerThan(since: string | undefined): (outcome: RoutedOutcome) => boolean {
  if (since === undefined) return () => true;
  if (/^\d{1,15}$/.test(since)) return ({ position }) => position > Number(since);
  const sinceMs = granted(readTime('--since', since));
  return ({ atMs }) => atMs >= sinceMs;
}

const head = ['AT', 'RUN', 'CAPABILITY', 'SELECTED', 'DECISION', 'TOOK', 'COST', 'OUTCOME'];

function show({ terminal }: Session, outcomes: readonly RoutedOutcome[]): void {
  const last = outcomes.at(-1);
  if (last === undefined) {
    terminal.line('No proposal that a router chose was settled.');
    return;
  }
  showTable(terminal, head, outcomes.map(rowOf));
  terminal.line();
  terminal.line(`What is settled after this: --since ${last.position}`);
}

const colours = {
  committed: 'green',
  failed: 'red',
  refused: 'red',
  denied: 'red',
  expired: 'yellow',
  'in-doubt': 'yellow',
  abandoned: 'dim',
} as const satisfies Readonly<Record<RoutedOutcome['outcome'], Cell['colour']>>;

function rowOf(outcome: RoutedOutcome): readonly Cell[] {
  const { run, atMs, capability, selected, decision, latencyMs, costMicrousd } = outcome;
  const why = outcome.refusal ?? outcome.failure;
  return [
    { text: instant(atMs), colour: 'dim' },
    { text: run, colour: 'bold' },
    { text: visible(capability ?? '-') },
    { text: visible(selected ?? '-') },
    { text: decision?.slice(0, 12) ?? '-', colour: 'dim' },
    { text: latencyMs === null ? '-' : duration(latencyMs) },
    { text: costMicrousd === null ? '-' : dollars(costMicrousd) },
    {
      text: `${outcome.outcome}${why === null ? '' : ` (${why})`}`,
      colour: colours[outcome.outcome],
    },
  ];
}
