import { resolve } from 'node:path';
import type { Command } from 'commander';
import { recordText } from '@chancery/kernel/encoding';
import { workspaceKey, worldDigest } from '@chancery/kernel/world';
import { foldRunState } from '@chancery/runtime/snapshots';
import { workspacesOf } from '../compose/house.ts';
import { goneFields, goneOf } from '../evidence/gone-content.ts';
import { exitCodes, granted, refuse } from '../exit.ts';
import { makeEmptyFolder } from '../folders.ts';
import { reading } from '../opening.ts';
import { findRun, streamOf } from '../runs/reading.ts';
import { refusedLines, tellRefused } from '../runs/refused-snapshots.ts';
import type { Act, CommonFlags, Session } from '../session.ts';
import { showFields, type Field } from '../terminal/fields.ts';
import { visible } from '../terminal/visible.ts';

interface Flags extends CommonFlags {
  readonly at?: string;
  readonly checkout?: string;
}

export function declare(command: Command, act: Act): void {
  command
    .argument('<run>', 'id of the run, or its first letters')
    .option('--at <seq>', 'as it was after this entry of the run (default: the last)')
    .option('--checkout <dir>', 'write the files of that moment into this new or empty folder')
    .option('--json', 'one JSON line of type "world"')
    .addHelpText(
      'after',
      `
Examples:
  chancery world 6gzs --at 17
  chancery world 6gzs --at 17 --checkout /tmp/then`,
    )
    .action((run: string, flags: Flags) => act(flags, (session) => world(session, run, flags)));
}

async function world(
  { home, terminal, json }: Session,
  named: string,
  flags: Flags,
): Promise<number> {
  const folder = flags.checkout === undefined ? null : resolve(flags.checkout);
  return reading(home, async (open) => {
    const run = await findRun(open.store, named);
    const last = (await open.store.head(`run:${run}`))?.seq ?? -1;
    const seq = seqOf(flags.at, last);
    const { state, from, refused } = await foldRunState(open, `run:${run}`, { atSeq: seq });
    const folded = state.world;
    const digest = worldDigest(folded);
    const cells = [...folded.cells]
      .map(([key, { version, value }]) => ({ key, version, value }))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    const tree = folded.cells.get(workspaceKey)?.value;
    const { started } = state;
    if (folder !== null) {
      if (started === undefined || typeof tree !== 'string')
        refuse('run.unknown', 'no files are recorded');
      const { repository, baseCommit } = started.workspace;
      makeEmptyFolder('--checkout', folder);
      const workspaces = await workspacesOf(home);
      granted(
        await workspaces.checkOut({ repository, baseCommit, baseBranch: null }, tree, folder),
      );
    }
    const gone = await goneOf(open.store, await streamOf(open.store, `run:${run}`), open.keys);
    if (json) {
      for (const each of gone) terminal.json({ type: 'gone', ...each });
      terminal.json({
        type: 'world',
        run,
        seq,
        ...{ from: from?.seq ?? null, refused: refusedLines(refused) },
        worldDigest: digest,
        clock: folded.clock,
        cells,
        checkout: folder,
      });
      return exitCodes.ok;
    }
    tellRefused(terminal, run, refused);
    showFields(terminal, [
      ['Run', `${run}, after entry ${seq}`],
      ['World', digest],
      ...cells.map(({ key, version, value }): Field => [
        visible(key),
        `${visible(recordText(value))} (version ${version})`,
      ]),
      ...(folder === null ? [] : [['Files', visible(folder)] as const]),
      ...goneFields(gone),
    ]);
    return exitCodes.ok;
  });
}

function seqOf(text: string | undefined, last: number): number {
  if (text === undefined) return last;
  const seq = /^\d{1,9}$/.test(text) ? Number(text) : -1;
  if (seq >= 0 && seq <= last) return seq;
  return refuse('usage.invalid', `--at ${text} is no entry of the run`, {
    remedy: `Say --at with one of its entries, 0 to ${last}.`,
  });
}
