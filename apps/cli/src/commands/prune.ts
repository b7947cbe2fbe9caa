import type { Command } from 'commander';
import { planPrune, pruneBlobs, type PruneChoice, type PrunePlan } from '@chancery/runtime/removal';
import { openClock } from '../compose/house.ts';
import { exitCodes, granted, refuse } from '../exit.ts';
import { reading, writing, type OpenLedger } from '../opening.ts';
import { readDuration } from '../quantities.ts';
import { findRun, viewRun } from '../runs/reading.ts';
import { removalBy, type RemovalFlags } from '../evidence/removing.ts';
import { more } from '../repeatable.ts';
import type { Act, Session } from '../session.ts';
import { bytesText, contentsText, count } from '../terminal/amounts.ts';
import { askYes, canAsk } from '../terminal/ask.ts';

interface Flags extends RemovalFlags {
  readonly run: readonly string[];
  readonly olderThan?: string;
  readonly dryRun?: boolean;
}

export function declare(command: Command, act: Act): void {
  command
    .option('--run <run>', 'contents of this run; repeatable', more, [])
    .option('--older-than <duration>', 'contents of runs that ended longer ago, such as 30d')
    .option('--dry-run', 'only show what would go')
    .option('--key <key>', 'file of the key to sign with, or ssh-agent:NAME (default: your key)')
    .option('--reason <text>', 'why; recorded', '')
    .option('-y, --yes', 'do not ask')
    .option('--json', 'one JSON line of type "pruning"')
    .addHelpText(
      'after',
      `
Removes large contents of runs that have ended: what they read, printed and wrote. Their digests stay
in the entries, and a signed entry tells who removed them and why, so that verify still holds. Shows
what would go first. Where nobody can be asked it removes nothing, and ends with 4 if there was something
to remove, unless --yes is given.

Examples:
  chancery prune --older-than 30d
  chancery prune --run 6gzs --reason "no longer needed" --yes`,
    )
    .action((flags: Flags) => act(flags, (session) => prune(session, flags)));
}

async function prune(session: Session, flags: Flags): Promise<number> {
  const { home, terminal, json } = session;
  if (flags.run.length === 0 && flags.olderThan === undefined) {
    refuse('usage.invalid', 'nothing is named: say --run RUN, --older-than DURATION, or both');
  }
  const asks = flags.yes !== true && flags.dryRun !== true && !json && canAsk();
  if (flags.dryRun === true || !(asks || flags.yes === true)) {
    return reading(home, async (open) => {
      const plan = await planned(session, open, flags);
      show(session, plan);
      if (flags.dryRun === true || plan.blobs.length === 0) return exitCodes.ok;
      if (!json) terminal.line('Nothing was removed: pass --yes to do it.');
      return exitCodes.held;
    });
  }
  return writing(home, async (open) => {
    const plan = await planned(session, open, flags);
    if (!json) show(session, plan);
    if (plan.blobs.length > 0 && asks && !(await askYes('Remove them for good?'))) {
      terminal.line('Nothing was removed.');
      return exitCodes.failed;
    }
    const by = await carryOut(session, { open, plan, flags });
    if (json) show(session, plan, by);
    else if (plan.blobs.length > 0) terminal.line(`Removed, signed by ${by}.`);
    return exitCodes.ok;
  });
}

interface Carrying {
  readonly open: OpenLedger;
  readonly plan: PrunePlan;
  readonly flags: Flags;
}

/** Removes what is planned; the id of the key that has signed for it. */
async function carryOut(session: Session, { open, plan, flags }: Carrying): Promise<string> {
  const { terminal, json } = session;
  const request = await removalBy(session, open, flags);
  const total = plan.blobs.length;
  const pruned = await pruneBlobs(
    request,
    plan.blobs.map(({ digest }) => digest),
    (done) => {
      if (!json) terminal.status(`${count(done)} of ${count(total)} removed`);
    },
  );
  terminal.status(undefined);
  granted(pruned);
  return request.by.id;
}

async function planned(
  { terminal, json }: Session,
  open: OpenLedger,
  flags: Flags,
): Promise<PrunePlan> {
  const plan = await planPrune(open.store, await choiceOf(open, flags), (entries) => {
    if (!json) terminal.status(`${count(entries)} entries`);
  });
  terminal.status(undefined);
  return plan;
}

/** Refuses `run.unfinished` for a run that has not ended and is named. */
async function choiceOf(open: OpenLedger, { run, olderThan }: Flags): Promise<PruneChoice> {
  const runs: string[] = [];
  for (const named of run) {
    const found = await findRun(open.store, named);
    const { status } = await viewRun(open, found);
    if (status.phase !== 'finished') refuse('run.unfinished', `the run ${found} has not ended`);
    runs.push(found);
  }
  const age = olderThan === undefined ? undefined : granted(readDuration(olderThan));
  return {
    ...(runs.length === 0 ? {} : { runs }),
    ...(age === undefined ? {} : { endedBeforeMs: (await openClock(0)).nowMs() - age }),
  };
}

function show({ terminal, json }: Session, { blobs, bytes, shared }: PrunePlan, by?: string): void {
  const runs = [...new Set(blobs.flatMap((blob) => blob.runs))];
  if (json) {
    const digests = blobs.map(({ digest }) => digest);
    terminal.json({ type: 'pruning', runs, blobs: digests, bytes, shared, by: by ?? null });
    return;
  }
  if (blobs.length === 0) terminal.line('There is nothing to remove.');
  for (const run of runs) {
    const own = blobs.filter((blob) => blob.runs.includes(run));
    const size = own.reduce((sum, blob) => sum + blob.bytes, 0);
    terminal.line(`${run}  ${contentsText(own.length)}, ${bytesText(size)}`);
  }
  if (blobs.length > 0) terminal.line(`In all ${count(blobs.length)}, ${bytesText(bytes)}.`);
  if (shared > 0) terminal.line(`${count(shared)} more stay: other runs name them as well.`);
}
