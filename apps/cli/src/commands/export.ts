import { isDeepStrictEqual } from 'node:util';
import type { Command } from 'commander';
import { timestampsMax, type Manifest } from '@chancery/kernel/export';
import { latestCheckpoint, openSigned, type LogOptions } from '@chancery/runtime/transparency';
import {
  exportLedger,
  manifestOf,
  missingBytes,
  readBegun,
  type BegunExport,
  type ObjectSource,
  type Resumption,
} from '@chancery/runtime/transfer';
import { RefusalError } from '@chancery/kernel/refusal';
import { parseTimestampFile, type TimestampFile } from '@chancery/kernel/timestamp';
import { snapshotObjectsOf } from '../compose/house.ts';
import { tilesOf } from '../compose/log.ts';
import { exitCodes, granted, refuse } from '../exit.ts';
import { openExportFile, type OpenExportFile } from '../evidence/export-file.ts';
import { logKeys } from '../evidence/log-keys.ts';
import { reading } from '../opening.ts';
import type { Act, CommonFlags, Session } from '../session.ts';
import { absentOf, streamNamed } from '../evidence/stream-names.ts';
import { count, entryCount } from '../terminal/amounts.ts';
import { textIn } from '../text-file.ts';

interface Flags extends CommonFlags {
  readonly stream?: readonly string[];
  readonly to?: string;
  readonly withWorkspaces?: boolean;
  readonly timestamp?: readonly string[];
}

export function declare(command: Command, act: Act): void {
  command
    .option('--stream <name...>', 'only these streams or runs, with proofs that they are whole')
    .option('--with-workspaces', 'the files that runs had in their workspaces, too')
    .option('--timestamp <file...>', 'what `chancery timestamp request` has kept, too')
    .option('--to <file>', 'write there; goes on with an export that was cut short')
    .option('--json', 'one JSON line of type "export"; needs --to')
    .addHelpText(
      'after',
      `
Writes all that the latest checkpoint covers into one file: entries, contents, the signed checkpoint
and its keys (docs/internals/export.md). The same ledger and checkpoint give the same bytes. Files of
workspaces are in it with --with-workspaces only: all of each recorded state, the repository that the
run began with included, as they are and with what secrets they hold; those of a subject that was erased
are left out. Private keys are never in it. Nothing is signed here: \`chancery checkpoint\` is.
Timestamps that are named come along, of this checkpoint or earlier ones; of some streams, of this one
alone. Whoever verifies the export has to know whose word on times he believes.
The same command with --to goes on where it was interrupted, with --stream too; a file that holds
anything else is refused and left as it is.

Examples:
  chancery checkpoint
  chancery export --to ledger.chancery
  chancery export | zstd > ledger.chancery.zst
  chancery export --with-workspaces --to ledger.chancery
  chancery export --timestamp monday.timestamp --to ledger.chancery
  chancery export --stream run:6gzspxva > run.chancery`,
    )
    .action((flags: Flags) => act(flags, (session) => exportTo(session, flags)));
}

async function exportTo(session: Session, flags: Flags): Promise<number> {
  const { terminal, json, home } = session;
  const { to, stream, withWorkspaces: workspaces = false } = flags;
  const timestamps = timestampsIn(flags.timestamp ?? []);
  if (to === undefined && (json || terminal.isTty)) {
    refuse('usage.invalid', 'name a file with --to FILE, or send the export into a pipe or a file');
  }
  return reading(home, async ({ store, config: { ledger } }) => {
    const log = { store, ledger, tiles: await tilesOf(home) };
    const keys = await logKeys(store, ledger);
    const signed = await latestCheckpoint(log.tiles, ledger, keys);
    if (signed === undefined) return refuse('proof.unavailable', 'there is no checkpoint yet');
    const streams =
      stream === undefined
        ? null
        : await Promise.all(stream.map((named) => streamNamed(store, named)));
    await absentOf(store, streams ?? [], terminal);
    const scope = { ledger, streams, workspaces, timestamps };
    const manifest = manifestOf(scope, signed.note, keys);
    const objects = await snapshotObjectsOf(home);
    try {
      if (to === undefined) await writeOut(session, { log, manifest, objects });
      else await writeTo(session, to, { log, manifest, objects, keys });
    } finally {
      await objects.close();
    }
    return exitCodes.ok;
  });
}

/** Refuses `timestamp.invalid`, and `usage.invalid` for more than an export carries. */
function timestampsIn(files: readonly string[]): readonly TimestampFile[] {
  if (files.length > timestampsMax) {
    refuse('usage.invalid', `an export carries ${timestampsMax} timestamps at most`);
  }
  return files.map((file) => granted(parseTimestampFile(textIn(file))));
}

async function writeTo(session: Session, to: string, source: Source): Promise<void> {
  const file = await openExportFile(to, 'a+');
  try {
    await writeFile(session, { ...source, file, to });
  } finally {
    await file.close();
  }
}

/** Text that is gathered before it is written. */
const gatheredChars = 1 << 17;

async function* gathered(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let text = '';
  for await (const piece of pieces) {
    text += piece;
    if (text.length < gatheredChars) continue;
    yield text;
    text = '';
  }
  yield text;
}

async function writeOut(
  { terminal }: Session,
  { log, manifest, objects }: Omit<Source, 'keys'>,
): Promise<void> {
  terminal.endWithReader();
  const pieces = exportLedger(log, manifest, { objects });
  for await (const text of gathered(pieces)) await terminal.raw(text);
  terminal.note(`the checkpoint covers ${entryCount(manifest.checkpoint.size)}`);
}

interface Source {
  readonly log: LogOptions;
  readonly manifest: Manifest;
  readonly objects: ObjectSource;
  readonly keys: Parameters<typeof openSigned>[2];
}

interface Target extends Source {
  readonly file: OpenExportFile;
  readonly to: string;
}

async function writeFile(session: Session, target: Target): Promise<void> {
  const { log, file, objects } = target;
  const { manifest, resumption } = await whereToGoOn(target);
  const from = resumption?.mark.bytes ?? 0;
  const pieces = gathered(exportLedger(log, manifest, { resumption, objects }));
  const before = await file.size();
  let bytes = before;
  for await (const missing of missingBytes(file, from, pieces)) {
    await file.append(missing);
    bytes += missing.length;
    if (!session.json) session.terminal.status(`${count(bytes)} bytes`);
  }
  await file.sync();
  session.terminal.status(undefined);
  show(session, { ...target, manifest }, bytes, before);
}

/**
 * An export of this ledger that was cut short goes on with its own checkpoint; no other file is touched.
 * Of a whole ledger the entries that are there need not be read again, for the tree vouches for them.
 */
async function whereToGoOn({
  file,
  to,
  keys,
  manifest,
}: Target): Promise<{ readonly manifest: Manifest; readonly resumption?: Resumption }> {
  const begun = await begunIn(file, to);
  if (begun.manifest === undefined) return { manifest };
  if (begun.isWhole) {
    // Who wrote it may have been told that it is not on disk.
    await file.sync();
    return refuse('usage.invalid', `${to} is a whole export already`, { remedy: otherFile });
  }
  const { note, ...begunScope } = begun.manifest;
  if (!isDeepStrictEqual(scopeOf(begunScope), scopeOf(manifest))) {
    return refuse('usage.invalid', `${to} is an export of something else`, { remedy: otherFile });
  }
  // What was begun with a checkpoint that is no longer believed is not gone on with.
  const scope = scopeOf(manifest);
  const same = manifestOf(scope, openSigned(note, scope.ledger, keys).note, keys);
  const isPlain = scope.streams === null && !scope.workspaces;
  if (!isPlain || !isDeepStrictEqual(same, begun.manifest)) return { manifest: same };
  return { manifest: same, resumption: begun.resumption };
}

/** What a file holds of an export; nothing else is ever added to. Refuses `usage.invalid`. */
async function begunIn(file: OpenExportFile, to: string): Promise<BegunExport> {
  try {
    return await readBegun(file);
  } catch (error) {
    const isOther = error instanceof RefusalError && error.refusal.code === 'export.invalid';
    if (!isOther) throw error;
    return refuse('usage.invalid', `${to} is there and is no export`, { remedy: otherFile });
  }
}

function scopeOf({ ledger, streams, workspaces, timestamps }: Omit<Manifest, 'note'>) {
  return { ledger, streams, workspaces, timestamps };
}

const otherFile = 'Name another file with --to, or remove that one.';

function show(session: Session, { to, manifest }: Target, bytes: number, before: number): void {
  const { terminal, json } = session;
  const { ledger, streams, workspaces, checkpoint, timestamps } = manifest;
  const { size, root } = checkpoint;
  if (json) {
    terminal.json({
      type: 'export',
      file: to,
      ledger,
      size,
      root,
      streams,
      workspaces,
      timestamps: timestamps.length,
      bytes,
      before,
    });
    return;
  }
  const what = streams === null ? entryCount(size) : `${count(streams.length)} streams`;
  const resumed = before === 0 ? '' : `, gone on with after ${count(before)}`;
  terminal.line(`${what} of ledger ${ledger}`);
  terminal.line(`${to}: ${count(bytes)} bytes${resumed}`);
}
