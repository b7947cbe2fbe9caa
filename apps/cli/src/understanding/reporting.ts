import { isProposal, questionOf, type Proposal } from '@chancery/domain/simulation';
import { readQuestion } from '@chancery/kernel/compiler';
import { isJsonObject, type Json } from '@chancery/kernel/encoding';
import { ContentSource } from '@chancery/runtime/removal';
import { readIfThere } from '@chancery/runtime/simulation';
import { entriesOf } from '@chancery/runtime/journal';
import { Authority } from '@chancery/runtime/authority';
import { isClear } from '../compose/capabilities.ts';
import { exitCodes } from '../exit.ts';
import { reading, type OpenLedger } from '../opening.ts';
import { findRun, runIds } from '../runs/reading.ts';
import type { Session } from '../session.ts';
import { showFields } from '../terminal/fields.ts';
import { showTable } from '../terminal/table.ts';
import { visible } from '../terminal/visible.ts';

/** A command line that was not understood. */
interface Unclear {
  times: number;
  why: readonly string[];
  /** Whether it is understood by what is known of programs now, without the files of its run. */
  now: boolean;
}

interface Counted {
  understood: number;
  unreadable: number;
  readonly unclear: Map<string, Unclear>;
}

/** Tells how many commands of these runs, or of all, were understood, and which were not. */
export async function reportCommands(session: Session, named: readonly string[]): Promise<number> {
  session.terminal.endWithReader();
  const counted: Counted = { understood: 0, unreadable: 0, unclear: new Map() };
  await reading(session.home, async (open) => {
    for (const run of await runsOf(open, named)) await countRun(open, run, counted);
    const { programs } = await new Authority(open.store, open.ledger).policies();
    for (const [command, row] of counted.unclear) row.now = await isClear(command, programs);
  });
  tell(session, counted);
  return exitCodes.ok;
}

async function runsOf(
  { store }: OpenLedger,
  named: readonly string[],
): Promise<ReadonlySet<string>> {
  if (named.length === 0) return new Set(await runIds(store));
  const runs = new Set<string>();
  for (const name of named) runs.add(await findRun(store, name));
  return runs;
}

/** What was decided several times, since it waited, counts once. */
async function countRun({ store, keys }: OpenLedger, run: string, counted: Counted): Promise<void> {
  const source = new ContentSource(store, keys);
  const seen = new Set<string>();
  for await (const { entry } of entriesOf(store, `run:${run}`)) {
    if (!isProposal(entry)) continue;
    const intent =
      entry.kind === 'proposal.rejected' ? entry.body.intent : entry.body.action.intent;
    const content = questionOf(entry);
    if (content === undefined || intent === null || seen.has(intent)) continue;
    seen.add(intent);
    const value = await readIfThere(source, content);
    const question = value === undefined ? undefined : readQuestion(value);
    if (question === undefined) counted.unreadable += 1;
    else await countQuestion(question.context, { source, entry, counted });
  }
}

interface Counting {
  readonly source: ContentSource;
  readonly entry: Proposal;
  readonly counted: Counted;
}

async function countQuestion(
  { command, programs }: Readonly<Record<string, unknown>>,
  { source, entry, counted }: Counting,
): Promise<void> {
  if (typeof command !== 'string') return;
  if (!Array.isArray(programs) || !programs.includes('unknown')) {
    counted.understood += 1;
    return;
  }
  const { times = 0, why = [] } = counted.unclear.get(command) ?? {};
  const recorded = times > 0 || entry.kind === 'proposal.rejected' ? undefined : entry.body.action;
  const resolved = recorded && (await readIfThere(source, recorded.resolved));
  counted.unclear.set(command, {
    times: times + 1,
    why: times > 0 ? why : reasonsIn(resolved),
    now: false,
  });
}

function reasonsIn(resolved: Json | undefined): readonly string[] {
  const unclear = isJsonObject(resolved ?? null)
    ? (resolved as Record<string, Json>)['unclear']
    : undefined;
  return Array.isArray(unclear)
    ? (unclear as readonly Json[]).filter((why) => typeof why === 'string')
    : [];
}

function tell({ terminal, json }: Session, { understood, unreadable, unclear }: Counted): void {
  const rows = [...unclear].sort(([, a], [, b]) => b.times - a.times);
  const times = rows.reduce((sum, [, row]) => sum + row.times, 0);
  const proposed = understood + times;
  const now = rows.reduce((sum, [, row]) => sum + (row.now ? row.times : 0), 0);
  if (json) {
    for (const [command, row] of rows) terminal.json({ type: 'command-unclear', command, ...row });
    terminal.json({
      type: 'commands-understood',
      proposed,
      understood,
      unclear: times,
      now,
      unreadable,
    });
    return;
  }
  const share = proposed === 0 ? '' : ` (${((100 * understood) / proposed).toFixed(1)} %)`;
  showFields(terminal, [
    ['Commands', `${proposed} proposed, ${understood} understood${share}`],
    ...(now === 0 ? [] : [['By now', `${now} more are understood`] as const]),
    ...(unreadable === 0 ? [] : [['Unreadable', `${unreadable} of all actions`] as const]),
  ]);
  if (rows.length === 0) return;
  terminal.line();
  const cells = rows.map(([command, row]) => [
    { text: String(row.times) },
    { text: row.now ? 'understood by now' : visible(row.why.join('; ')) || '-' },
    { text: visible(command) },
  ]);
  showTable(terminal, ['TIMES', 'NOT UNDERSTOOD', 'COMMAND'], cells);
}
