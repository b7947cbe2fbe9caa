import { type Command } from 'commander';
import { contentsOf, readEntry, type LedgerStore, type StoredEntry } from '@chancery/kernel/ledger';
import { findingCodes, Verifier, type Finding, type Verification } from '@chancery/kernel/replay';
import { RefusalError, exitCodeOf } from '@chancery/kernel/refusal';
import { openReader } from '../compose.ts';
import { exitCodes, granted } from '../exit.ts';
import { headChecks, type HeadCheck } from '../head-check.ts';
import { readConfig } from '../home.ts';
import { findRun } from '../reading.ts';
import { type Act, type CommonFlags, type Session } from '../session.ts';
import { count } from '../terminal/amounts.ts';
import { visible } from '../terminal/visible.ts';

/** Something found by verification: of an entry, of the blobs that it refers to, or of a checkpoint. */
type Found = Omit<Finding, 'code'> & {
  readonly code: Finding['code'] | 'blob.missing' | 'checkpoint.mismatch';
};

interface Report extends Omit<Verification, 'findings'> {
  readonly findings: readonly Found[];
  /** Blobs that entries name and that were pruned by a signed word. */
  readonly pruned: readonly MissingBlob[];
}

const pageSize = 1_000;

export function declare(command: Command, act: Act): void {
  command
    .argument('[run]', 'only what concerns this run: its entries, and those that gave it authority')
    .option(
      '--against <file>',
      'a checkpoint that was kept elsewhere; that of the home counts anyway',
    )
    .option('--json', 'one JSON line of type "verification"')
    .addHelpText(
      'after',
      `
Checks every entry from the pinned ledger id on: bytes, links, batches, signatures, writs, policies,
approvals, budgets, worlds, blobs, and whether the ledger goes on from its latest checkpoint. Ends
with 7 when anything was tampered with, and names the entry.

Examples:
  chancery verify
  chancery verify --against yesterday.checkpoint
  chancery verify 6gzs --json`,
    )
    .action((run: string | undefined, flags: Flags) =>
      act(flags, (session) => verify(session, run, flags.against)),
    );
}

interface Flags extends CommonFlags {
  readonly against?: string;
}

async function verify(
  session: Session,
  named: string | undefined,
  against: string | undefined,
): Promise<number> {
  const config = granted(readConfig(session.home));
  const store = await openReader(session.home);
  try {
    const run = named === undefined ? undefined : await findRun(store, named);
    const heads = await headChecks(session.home, { store, ledger: config.ledger }, against);
    const whole = await verifyStore(session, store, { ledger: config.ledger, heads });
    const report = run === undefined ? whole : concerning(whole, run);
    show(session, report, run);
    return report.ok ? exitCodes.ok : exitCodeOf('ledger.corrupt');
  } finally {
    await store.close();
  }
}

async function verifyStore(
  { terminal, json }: Session,
  store: LedgerStore,
  { ledger, heads: checks }: { readonly ledger: string; readonly heads: readonly HeadCheck[] },
): Promise<Report> {
  const blobs = new Map<string, Uint8Array>();
  const verifier = new Verifier(ledger, { blobs: (digest) => blobs.get(digest) });
  // Taken first: what is appended while we read stands behind these heads and is left to the next.
  const heads = new Map((await store.streams('')).map(({ stream, head }) => [stream, head]));
  const missing: MissingBlob[] = [];
  let position = 0;
  for (;;) {
    const stored = await store.readAll(position, pageSize);
    const page = stored.filter(({ stream, seq }) => seq <= (heads.get(stream)?.seq ?? -1));
    blobs.clear();
    for (const entry of page) missing.push(...(await gatherBlobs(store, entry, blobs)));
    verifier.page(page);
    for (const check of checks) check.take(page);
    position += stored.length;
    if (!json) terminal.status(`${count(position)} entries`);
    if (stored.length < pageSize) break;
  }
  terminal.status(undefined);
  const verification = verifier.finish(heads);
  const mismatches = checks.flatMap((check) => mismatchOf(check, verification.entries));
  const isPruned = ({ digest, position, isAltered }: MissingBlob): boolean =>
    !isAltered && verifier.isPrunedAfter(digest, position);
  const lost = missing.filter((blob) => !isPruned(blob));
  const findings = [...verification.findings, ...lost.map(lostBlob), ...mismatches];
  const ok = verification.ok && lost.length === 0 && mismatches.length === 0;
  return { ...verification, findings, ok, pruned: missing.filter(isPruned) };
}

function mismatchOf(check: HeadCheck, entries: number): Found[] {
  const message = check.mismatch();
  if (message === undefined) return [];
  const place = { stream: 'ledger', seq: 0, position: entries };
  return [{ severity: 'tampered', code: 'checkpoint.mismatch', ...place, message }];
}

/** A blob that an entry names and that is not there, or holds something else. */
interface MissingBlob {
  readonly digest: string;
  readonly stream: string;
  readonly seq: number;
  readonly position: number;
  readonly isAltered: boolean;
}

function lostBlob({ digest, stream, seq, position }: MissingBlob): Found {
  const message = `the blob ${digest} is missing or altered, and nobody has pruned it`;
  return { severity: 'tampered', code: 'blob.missing', stream, seq, position, message };
}

/** Gathers the blobs of an entry; tells of those that are gone, or hold something else. */
async function gatherBlobs(
  store: LedgerStore,
  stored: StoredEntry,
  blobs: Map<string, Uint8Array>,
): Promise<readonly MissingBlob[]> {
  const { stream, seq, position, text } = stored;
  const read = text.includes('"blob":{') ? readEntry(stored) : undefined;
  const missing: MissingBlob[] = [];
  // An entry that cannot be read is a finding of its own.
  for (const content of read?.ok === true ? contentsOf(read.value.entry) : []) {
    if ('inline' in content) continue;
    const { digest } = content.blob;
    const bytes = await wholeBlob(store, digest);
    if (bytes instanceof Uint8Array) blobs.set(digest, bytes);
    else missing.push({ digest, stream, seq, position, isAltered: bytes === 'altered' });
  }
  return missing;
}

async function wholeBlob(
  store: LedgerStore,
  digest: string,
): Promise<Uint8Array | 'altered' | undefined> {
  try {
    return await store.blob(digest);
  } catch (error) {
    if (error instanceof RefusalError && error.refusal.code === 'ledger.corrupt') return 'altered';
    throw error;
  }
}

/** What was found about a run, and about what gives authority to any. */
function concerning(report: Report, run: string): Report {
  const own = [`run:${run}`, `snapshot:${run}`];
  const findings = report.findings.filter(
    ({ stream }) => own.includes(stream) || !/^(?:run|snapshot):/.test(stream),
  );
  const ok = findings.every(({ severity }) => severity !== 'tampered');
  const runs = report.runs.filter(({ stream }) => stream === `run:${run}`);
  const pruned = report.pruned.filter(({ stream }) => stream === `run:${run}`);
  return { ...report, findings, ok, runs, pruned };
}

/** Findings that a person is shown; the rest is counted. */
const mostShown = 20;

function show({ terminal, json }: Session, report: Report, run: string | undefined): void {
  const { ok, ledger, entries, streams, findings, runs, pruned } = report;
  if (json) {
    terminal.json({
      type: 'verification',
      run: run ?? null,
      ok,
      ledger,
      entries,
      streams,
      findings,
      runs,
      pruned: pruned.length,
    });
    return;
  }
  const { paint } = terminal;
  for (const { severity, code, stream, seq, position, message } of findings.slice(0, mostShown)) {
    const colour = severity === 'tampered' ? paint.red : paint.yellow;
    const place = `entry ${seq} of ${visible(stream)} (position ${position})`;
    const where = code === 'checkpoint.mismatch' ? 'the ledger as a whole' : place;
    terminal.line(`${colour(`${severity} ${code}`)}  ${where}`);
    terminal.line(`  ${visible(message)}`);
    if (code === 'blob.missing' || code === 'checkpoint.mismatch') continue;
    terminal.line(`  ${paint.dim(findingCodes[code].means)}`);
  }
  if (findings.length > mostShown) terminal.line(`… and ${findings.length - mostShown} more`);
  const what = `${count(entries)} entries in ${count(streams)} streams, ${runs.length} runs`;
  if (pruned.length > 0)
    terminal.line(`${count(pruned.length)} contents were pruned, by entries that are signed`);
  if (ok) terminal.line(`${paint.green('verified')}  ${what}, from ledger ${ledger}`);
  else terminal.line(`${paint.red('NOT verified')}  ${what}, from ledger ${ledger}`);
}
