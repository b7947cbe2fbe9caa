import { type Command } from 'commander';
import { isDigest, type Digest } from '@chancery/kernel/encoding';
import { openEntry, type LedgerStore } from '@chancery/kernel/ledger';
import { readGenesis } from '@chancery/kernel/writ';
import { adopt } from '@chancery/runtime/transparency';
import {
  checkExport,
  importLedger,
  type ExportFile,
  type ImportOptions,
} from '@chancery/runtime/transfer';
import { openWriter, tilesOf } from '../compose.ts';
import { exitCodes, granted, refuse } from '../exit.ts';
import { openExportFile } from '../export-file.ts';
import { alone } from '../growth.ts';
import { makeHome, readConfig, writeConfig, type Home } from '../home.ts';
import { logKeys } from '../log-keys.ts';
import { type Act, type CommonFlags, type Session } from '../session.ts';
import { count } from '../terminal/amounts.ts';

interface Flags extends CommonFlags {
  readonly ledger?: string;
  readonly dryRun?: boolean;
}

export function declare(command: Command, act: Act): void {
  command
    .argument('<file>', 'an export, as `chancery export` writes it')
    .option('--ledger <id>', 'the ledger that it has to be; that of the home counts anyway')
    .option('--dry-run', 'verify and import nothing; of some streams too')
    .option('--json', 'one JSON line of type "import"')
    .addHelpText(
      'after',
      `
Verifies the whole file, and only then writes what this home has not got yet: into the ledger that is
here, or as the ledger of a home that has none. Refuses another ledger, and one that went on otherwise.
Importing again, after an interruption or with a longer export, adds what is missing.

Examples:
  CHANCERY_HOME=/srv/copy chancery import ledger.chancery --ledger ID
  chancery import ledger.chancery --dry-run`,
    )
    .action((file: string, flags: Flags) =>
      act(flags, (session) => importFrom(session, file, flags)),
    );
}

async function importFrom(session: Session, path: string, flags: Flags): Promise<number> {
  const { ledger } = flags;
  if (ledger !== undefined && !isDigest(ledger)) {
    return refuse('usage.invalid', '--ledger takes the 64 digits of a ledger id');
  }
  const config = readConfig(session.home);
  if (!config.ok && config.refusal.code !== 'ledger.missing') granted(config);
  const here = config.ok ? config.value.ledger : undefined;
  if (here !== undefined && ledger !== undefined && here !== ledger) {
    return refuse('export.foreign', `the ledger ${here} is in ${session.home.folder}`);
  }
  const file = await openExportFile(path, 'r');
  try {
    const pinned = ledger ?? here;
    const request = { file, ...(pinned === undefined ? {} : { ledger: pinned }) };
    if (flags.dryRun === true) await verifyOnly(session, request);
    else await bringIn(session, request, here);
    return exitCodes.ok;
  } finally {
    await file.close();
  }
}

interface Request {
  readonly file: ExportFile;
  readonly ledger?: Digest;
}

function progress({ terminal, json }: Session): Pick<ImportOptions, 'onProgress'> {
  if (json) return {};
  return { onProgress: (phase, entries) => terminal.status(`${count(entries)} ${phase}`) };
}

async function verifyOnly(session: Session, request: Request): Promise<void> {
  const verdict = await checkExport({ ...request, ...progress(session) });
  const { ledger, streams, checkpoint } = verdict.manifest;
  const { size } = checkpoint;
  session.terminal.status(undefined);
  show(session, { ledger, size, streams, present: null, appended: 0 });
}

async function bringIn(session: Session, request: Request, here: Digest | undefined) {
  const { home } = session;
  if (here === undefined) granted(makeHome(home));
  const store = await openWriter(home, here === undefined);
  try {
    session.terminal.outlive();
    const outcome = await importLedger({ ...request, store, ...progress(session) });
    const { ledger, note, checkpoint } = outcome.verdict.manifest;
    if (here === undefined) writeConfig(home, { ledger, name: await nameOf(store) });
    await keepCheckpoint(home, store, { ledger, note });
    const { present, appended } = outcome;
    session.terminal.status(undefined);
    show(session, { ledger, size: checkpoint.size, streams: null, present, appended });
  } finally {
    await store.close();
  }
}

async function keepCheckpoint(
  home: Home,
  store: LedgerStore,
  { ledger, note }: { readonly ledger: Digest; readonly note: string },
): Promise<void> {
  const log = { store, ledger, tiles: await tilesOf(home) };
  const keys = await logKeys(store, ledger);
  await alone(home, () => adopt(log, note, keys));
}

/** What the genesis calls the ledger. */
async function nameOf(store: LedgerStore): Promise<string> {
  const [first] = await store.readAll(0, 1);
  const entry = first === undefined ? undefined : openEntry(first).entry;
  if (entry?.kind !== 'ledger.created') return refuse('ledger.corrupt', 'there is no genesis');
  return granted(readGenesis(entry.body.envelope)).name;
}

interface Shown {
  readonly ledger: Digest;
  readonly size: number;
  readonly streams: readonly string[] | null;
  /** Null when nothing was to be imported. */
  readonly present: number | null;
  readonly appended: number;
}

function show({ terminal, json, home }: Session, shown: Shown): void {
  if (json) {
    terminal.json({ type: 'import', ...shown });
    return;
  }
  const { ledger, size, streams, present, appended } = shown;
  const what = streams === null ? `${count(size)} entries` : `${count(streams.length)} streams`;
  terminal.line(`${terminal.paint.green('verified')}  ${what}, from ledger ${ledger}`);
  if (present === null) return;
  terminal.line(
    `${count(appended)} entries imported into ${home.folder}, ${count(present)} were there`,
  );
  if (present > 0) return;
  terminal.line('Keys are not part of an export: copy those that are to act here.');
}
