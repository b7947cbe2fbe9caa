import type { Command } from 'commander';
import { Journal } from '@chancery/runtime/journal';
import { snapshotRun, type SnapshotOfRun } from '@chancery/runtime/snapshots';
import { openClock } from '../compose/house.ts';
import { foundedKey } from '../compose/keys.ts';
import { exitCodes, granted } from '../exit.ts';
import { allRuns } from '../runs/kept-runs.ts';
import { writing } from '../opening.ts';
import { ownName } from '../own-name.ts';
import { findRun, runIds } from '../runs/reading.ts';
import { refusedLines, tellRefused } from '../runs/refused-snapshots.ts';
import type { Act, CommonFlags, Session } from '../session.ts';

export function declare(command: Command, act: Act): void {
  command
    .argument('[run]', 'id of the run, or its first letters (default: all runs)')
    .option('--json', 'one JSON line of type "snapshot" for each run')
    .addHelpText(
      'after',
      `
Signs the state of a run after its last entry with the key of the runtime, and records its digest.
replay, world and show then begin there, and fold what follows. A snapshot that is altered is told
and passed over; verify compares each with the entries themselves. Where nothing was written since
the last snapshot, none is taken. A run that grows long is given some by itself. Without a run, the
list that runs shows is kept as well.

Examples:
  chancery snapshot 6gzs
  chancery snapshot`,
    )
    .action((run: string | undefined, flags: CommonFlags) =>
      act(flags, (session) => snapshot(session, run)),
    );
}

async function snapshot(session: Session, named: string | undefined): Promise<number> {
  const { home, terminal, env, json } = session;
  const signer = granted(await foundedKey(home.runtimeKey, env));
  return writing(home, async (open) => {
    const { store, ledger } = open;
    const runs = named === undefined ? await runIds(store) : [await findRun(store, named)];
    const journal = new Journal({ store, ledger, by: signer.id, clock: await openClock(0) });
    for (const [index, run] of runs.entries()) {
      if (!json) terminal.status(`${index} of ${runs.length} runs`);
      const taken = await snapshotRun({ journal, ledger, signer }, `run:${run}`);
      terminal.status(undefined);
      show(session, run, taken);
    }
    if (named === undefined) await allRuns(session, open, 1);
    if (runs.length === 0 && !json) {
      terminal.line(`No run yet: ${ownName(env)} run "TASK" --repo DIR`);
    }
    return exitCodes.ok;
  });
}

function show({ terminal, json }: Session, run: string, of: SnapshotOfRun): void {
  const { at, state, taken, refused } = of;
  if (json) {
    terminal.json({
      type: 'snapshot',
      ...{ run, seq: at.seq, entry: at.digest, state, snapshot: taken ?? null },
      refused: refusedLines(refused),
    });
    return;
  }
  tellRefused(terminal, run, refused);
  const what = taken === undefined ? 'has a snapshot already' : `is kept in ${taken.slice(0, 12)}`;
  terminal.line(`${run}  the state after entry ${at.seq} ${what}`);
}
