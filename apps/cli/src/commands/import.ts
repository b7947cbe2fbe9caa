import type { Command } from 'commander';
import { isDigest, type Digest } from '@chancery/kernel/encoding';
import { refused, type Result, done } from '@chancery/kernel/refusal';
import type { Times } from '@chancery/kernel/export';
import { readTrusted, type Certificate } from '@chancery/kernel/timestamp';
import { checkExport, type ExportFile, type ImportRequest } from '@chancery/runtime/transfer';
import { exitCodes, granted, refuse } from '../exit.ts';
import { openExportFile } from '../evidence/export-file.ts';
import { readConfig, readFounded, type Config } from '../home.ts';
import { bringIn, type Place } from '../evidence/importing.ts';
import type { Act, CommonFlags, Session } from '../session.ts';
import { count, entryCount, instantUtc } from '../terminal/amounts.ts';
import { visible } from '../terminal/visible.ts';
import { textIn } from '../text-file.ts';

interface Flags extends CommonFlags {
  readonly ledger?: string;
  readonly database?: boolean;
  readonly name?: string;
  readonly dryRun?: boolean;
  readonly ca?: string;
}

export function declare(command: Command, act: Act): void {
  command
    .argument('<file>', 'an export, as `chancery export` writes it')
    .option('--ledger <id>', 'the ledger that it has to be; that of the home counts anyway')
    .option('--database', 'into the PostgreSQL that CHANCERY_DATABASE_URL names')
    .option('--name <name>', 'with --database: what it is called among the ledgers there')
    .option('--ca <file>', 'PEM file of the authorities whose word on times is believed')
    .option('--dry-run', 'verify and import nothing; of some streams too')
    .option('--json', 'one JSON line of type "import"')
    .addHelpText(
      'after',
      `
Verifies the whole file, and only then writes what this home has not got yet: into the ledger that is
here, or as the ledger of a home that has none. Refuses another ledger, and one that went on otherwise.
The files of workspaces, where the export has them (\`export --with-workspaces\`), come along, so that
\`chancery world --checkout\` writes them here as well. Importing again, after an interruption or with a longer export, adds what is missing. Nobody else may
write the ledger meanwhile. Timestamps in the export stay in it; with --ca they are checked, and all of
them have to hold. Without it they are counted, and those that are wrong in themselves refused; --dry-run
says "verified" of none that it could not judge.

With --database a home that has none keeps it in PostgreSQL (docs/guides/ledger-in-postgresql.md); one
that is there already, by this name, is compared and gone on with.

Examples:
  CHANCERY_HOME=/srv/copy chancery import ledger.chancery --ledger ID
  chancery import ledger.chancery --database --name team
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
  if (config.ok) granted(readFounded(session.home));
  const here = config.ok ? config.value.ledger : undefined;
  if (here !== undefined && ledger !== undefined && here !== ledger) {
    return refuse('export.foreign', `the ledger ${here} is in ${session.home.folder}`);
  }
  const place: Place = {
    home: session.home,
    config: config.ok ? config.value : undefined,
    database: granted(databaseOf(flags, config.ok ? config.value : undefined)),
  };
  const file = await openExportFile(path, 'r');
  try {
    const pinned = ledger ?? here;
    const trusted = flags.ca === undefined ? [] : granted(readTrusted(textIn(flags.ca)));
    const request = { file, trusted, ...(pinned === undefined ? {} : { ledger: pinned }) };
    if (flags.dryRun === true) await verifyOnly(session, request);
    else await takeOver(session, request, place);
    return exitCodes.ok;
  } finally {
    await file.close();
  }
}

/** Name of the ledger in the database that it is in, or is to be in. Refuses `usage.invalid`. */
function databaseOf(
  { database = false, name }: Flags,
  config: Config | undefined,
): Result<string | undefined> {
  if (!database) {
    return name === undefined
      ? done(config?.database)
      : refused('usage.invalid', '--name is for a ledger in a --database');
  }
  if (config === undefined) {
    return name === undefined || name === ''
      ? refused('usage.invalid', '--database needs the --name of the ledger among those there')
      : done(name);
  }
  if (config.database !== undefined && (name ?? config.database) === config.database) {
    return done(config.database);
  }
  const is = config.database === undefined ? 'a file' : `in a database as ${config.database}`;
  return refused('usage.invalid', `the ledger of this home is ${is}`, {
    remedy: 'Name a home that has none with CHANCERY_HOME.',
  });
}

interface Request {
  readonly file: ExportFile;
  readonly ledger?: Digest;
  readonly trusted: readonly Certificate[];
}

function progress({ terminal, json }: Session): Pick<ImportRequest, 'onProgress'> {
  if (json) return {};
  return { onProgress: (phase, entries) => terminal.status(`${count(entries)} ${phase}`) };
}

async function verifyOnly(session: Session, request: Request): Promise<void> {
  const { manifest, times } = await checkExport({ ...request, ...progress(session) });
  const { ledger, streams, workspaces, checkpoint } = manifest;
  const { size } = checkpoint;
  session.terminal.status(undefined);
  const { unjudged } = times;
  if (unjudged > 0) {
    const what = `${count(unjudged)} of its timestamps were not judged: no authority of time is trusted`;
    return refuse('timestamp.unjudged', `${what}; everything else in it holds`);
  }
  show(session, { ledger, size, streams, workspaces, times, present: null, appended: 0 });
}

async function takeOver(session: Session, request: Request, place: Place): Promise<void> {
  const outcome = await bringIn(place, { ...request, ...progress(session) });
  const { manifest, times } = outcome.verdict;
  const { ledger, workspaces, checkpoint } = manifest;
  const { present, appended } = outcome;
  session.terminal.status(undefined);
  const { size } = checkpoint;
  show(session, { ledger, size, streams: null, workspaces, times, present, appended });
}

interface Shown {
  readonly ledger: Digest;
  readonly size: number;
  readonly streams: readonly string[] | null;
  readonly workspaces: boolean;
  readonly times: Times;
  /** Null when nothing was to be imported. */
  readonly present: number | null;
  readonly appended: number;
}

function show({ terminal, json, home }: Session, shown: Shown): void {
  const { times, ...imported } = shown;
  const { attested, unjudged } = times;
  if (json) {
    const unjudgedTimestamps = unjudged;
    terminal.json({ type: 'import', ...imported, times: attested, unjudgedTimestamps });
    return;
  }
  const { ledger, size, streams, workspaces, present, appended } = shown;
  const shownOf = streams === null ? entryCount(size) : `${count(streams.length)} streams`;
  const what = workspaces ? `${shownOf} and the files of their runs` : shownOf;
  terminal.line(`${terminal.paint.green('verified')}  ${what}, from ledger ${ledger}`);
  for (const { size: covered, timeMs, authority } of attested) {
    const when = instantUtc(timeMs);
    terminal.line(
      visible(`the first ${count(covered)} entries existed by ${when}, says ${authority}`),
    );
  }
  if (unjudged > 0) {
    terminal.note(
      `${count(unjudged)} timestamps were not judged: name with --ca whose word you believe`,
    );
  }
  if (present === null) return;
  terminal.line(
    `${entryCount(appended)} imported into ${home.folder}, ${count(present)} were there`,
  );
  if (present > 0) return;
  terminal.line('Keys are not part of an export: copy those that are to act here.');
}
