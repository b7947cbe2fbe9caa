import type { Command } from 'commander';
import { compilerVersion } from '@chancery/kernel/compiler';
import { catalogueDigest } from '@chancery/kernel/ledger';
import {
  findingCodes,
  Verifier,
  type Finding,
  type SharedDrift,
  type Verification,
} from '@chancery/kernel/replay';
import { exitCodeOf } from '@chancery/kernel/refusal';
import { BlobCheck, type RemovedContent } from '../evidence/blob-check.ts';
import { offeredDigests } from '../compose/capabilities.ts';
import { subjectKeysOf } from '../compose/keys.ts';
import { openReader } from '../compose/stores.ts';
import { exitCodes, granted } from '../exit.ts';
import { headCheck, type FoundHead, type HeadCheck } from '../evidence/head-check.ts';
import { headCodes, isHeadCode } from '../evidence/head-codes.ts';
import { readFounded } from '../home.ts';
import type { OpenLedger } from '../opening.ts';
import { findRun } from '../runs/reading.ts';
import { more } from '../repeatable.ts';
import type { Act, CommonFlags, Session } from '../session.ts';
import { contentsText, count, entryCount } from '../terminal/amounts.ts';
import { visible } from '../terminal/visible.ts';

/** Something found by verification: of an entry, of the blobs that it refers to, or of a checkpoint. */
type Found = Omit<Finding, 'code'> & {
  readonly code: Finding['code'] | 'blob.missing' | FoundHead['code'];
};

interface Report extends Omit<Verification, 'findings'> {
  readonly findings: readonly Found[];
  /** Contents that were pruned, or erased, by a signed word, as often as entries name them. */
  readonly pruned: readonly RemovedContent[];
  readonly erased: readonly RemovedContent[];
  readonly drift: readonly SharedDrift[];
}

const pageSize = 250;

export function declare(command: Command, act: Act): void {
  command
    .argument('[run]', 'only what concerns this run: its entries, and those that gave it authority')
    .option(
      '--against <anchor>',
      'what was kept elsewhere: FILE, git:REPOSITORY, https://…; repeatable',
      more,
      [],
    )
    .option('--strict', 'what is true but not as it is today fails as well')
    .option('--json', 'one JSON line of type "verification"')
    .addHelpText(
      'after',
      `
Checks every entry from the pinned ledger id on: bytes, links, batches, signatures, writs, policies,
approvals, budgets, worlds, blobs, and whether the ledger goes on from its latest checkpoint and
from every one that the anchors keep (\`chancery anchor\`, or a file with a checkpoint). Ends
with 7 when anything was tampered with, and names the entry, the file or the place; with 1 when
an anchor could not be reached and nothing else was found.

Drift is told and fails nothing: runs that were decided under another compiler, policy, contract
or catalogue than today, or by keys that the ledger has taken leave of since. With --strict it ends
with 7 for any of it, and for every finding that is drift.

Examples:
  chancery verify
  chancery verify --strict
  chancery verify --against yesterday.checkpoint
  chancery verify --against git:/srv/anchors --against https://anchor.example/team
  chancery verify 6gzs --json`,
    )
    .action((run: string | undefined, flags: Flags) =>
      act(flags, (session) => verify(session, run, flags)),
    );
}

interface Flags extends CommonFlags {
  readonly against: readonly string[];
  readonly strict?: boolean;
}

async function verify(
  session: Session,
  named: string | undefined,
  { against, strict = false }: Flags,
): Promise<number> {
  const config = granted(readFounded(session.home));
  const keys = await subjectKeysOf(session.home);
  const store = await openReader(session.home);
  const open = { store, config, ledger: config.ledger, keys };
  try {
    const run = named === undefined ? undefined : await findRun(store, named);
    const check = await headCheck(session.home, open, against);
    const whole = await verifyStore(session, open, check, run);
    const report = run === undefined ? whole : concerning(whole, run);
    const ok = report.ok && !(strict && drifted(report));
    show(session, { ...report, ok }, { run, strict });
    if (ok) return exitCodes.ok;
    const isUnreached = !report.ok && !report.findings.some(isTampered);
    return exitCodeOf(isUnreached ? 'anchor.unreachable' : 'ledger.corrupt');
  } finally {
    await store.close();
  }
}

async function verifyStore(
  { terminal, json }: Session,
  { store, config, keys }: OpenLedger,
  check: HeadCheck,
  run: string | undefined,
): Promise<Report> {
  const blobs = new BlobCheck(store, keys);
  const verifier = new Verifier(config.ledger, {
    blobs: blobs.reader,
    onLeaf: (stored, digest) => check.take(stored, digest),
  });
  // Taken first: what is appended while we read stands behind these heads and is left to the next.
  const heads = new Map((await store.streams('')).map(({ stream, head }) => [stream, head]));
  let position = 0;
  for (;;) {
    const stored = await store.readAll(position, pageSize);
    const page = stored.filter(({ stream, seq }) => seq <= (heads.get(stream)?.seq ?? -1));
    await blobs.gather(page);
    verifier.page(page);
    position += stored.length;
    if (!json) terminal.status(entryCount(position));
    if (stored.length < pageSize) break;
  }
  terminal.status(undefined);
  const verification = verifier.finish(heads);
  const ofHeads = check.found(verifier);
  const { lost, explained, pruned, erased } = blobs.finish(verifier);
  // That a content could not be read is no finding where a signed word says why.
  const own = verification.findings.filter(
    ({ code, position }) => !unreadCodes.has(code) || !explained.has(position),
  );
  const findings = [...own, ...lost, ...ofHeads];
  const ok = findings.every(isHarmless);
  const today = { compilerVersion, catalogueDigest, contracts: await offeredDigests() };
  const drift = verifier.drift(today, run === undefined ? undefined : `run:${run}`);
  return { ...verification, findings, ok, pruned, erased, drift };
}

/** Findings that say no more than that a content could not be read. */
const unreadCodes: ReadonlySet<Found['code']> = new Set(['content.unread', 'gate.unread']);

/** How many contents these are: several entries may name the same, which is kept and removed once. */
function differing(contents: readonly RemovedContent[]): number {
  return new Set(contents.map(({ digest }) => digest)).size;
}

/** Whether anything is true, but not as it is today. */
function drifted({ findings, drift }: Report): boolean {
  return drift.length > 0 || findings.some(({ severity }) => severity === 'drift');
}

const isTampered = ({ severity }: Found): boolean => severity === 'tampered';

/** An anchor that was named and not read says nothing for the ledger, nor against it. */
function isHarmless(found: Found): boolean {
  return !isTampered(found) && found.code !== 'anchor.unreachable';
}

/** What was found about a run, and about what gives authority to any. */
function concerning(report: Report, run: string): Report {
  const own = [`run:${run}`, `snapshot:${run}`];
  const findings = report.findings.filter(
    ({ stream }) => own.includes(stream) || !/^(?:run|snapshot):/.test(stream),
  );
  const ok = findings.every(isHarmless);
  const runs = report.runs.filter(({ stream }) => stream === `run:${run}`);
  const ofRun = ({ stream }: RemovedContent): boolean => stream === `run:${run}`;
  const [pruned, erased] = [report.pruned.filter(ofRun), report.erased.filter(ofRun)];
  return { ...report, findings, ok, runs, pruned, erased };
}

/** Findings that a person is shown; the rest is counted. */
const mostShown = 20;

interface Asked {
  readonly run: string | undefined;
  readonly strict: boolean;
}

function show({ terminal, json }: Session, report: Report, { run, strict }: Asked): void {
  const { ok, ledger, entries, streams, findings, runs, pruned, erased, drift } = report;
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
      pruned: differing(pruned),
      erased: differing(erased),
      strict,
      drift,
    });
    return;
  }
  const { paint } = terminal;
  for (const { severity, code, stream, seq, position, message } of findings.slice(0, mostShown)) {
    const colour = severity === 'tampered' ? paint.red : paint.yellow;
    const place = `entry ${seq} of ${visible(stream)} (position ${position})`;
    const where = isHeadCode(code) ? 'the ledger as a whole' : place;
    terminal.line(`${colour(`${severity} ${code}`)}  ${where}`);
    terminal.line(`  ${visible(message)}`);
    if (code === 'blob.missing') continue;
    const { means } = isHeadCode(code) ? headCodes[code] : findingCodes[code];
    terminal.line(`  ${paint.dim(means)}`);
  }
  if (findings.length > mostShown) terminal.line(`… and ${findings.length - mostShown} more`);
  const what = `${entryCount(entries)} in ${count(streams)} ${streams === 1 ? 'stream' : 'streams'}, ${count(runs.length)} ${runs.length === 1 ? 'run' : 'runs'}`;
  for (const [how, contents] of Object.entries({ pruned, erased })) {
    const number = differing(contents);
    const were = number === 1 ? 'was' : 'were';
    if (number > 0) terminal.line(`${contentsText(number)} ${were} ${how}, by a signed entry`);
  }
  for (const each of drift) terminal.line(`${paint.yellow('drift')}  ${driftText(each)}`);
  if (ok) terminal.line(`${paint.green('verified')}  ${what}, from ledger ${ledger}`);
  else terminal.line(`${paint.red('NOT verified')}  ${what}, from ledger ${ledger}`);
}

function driftText({ what, name, recorded, present, runs, first }: SharedDrift): string {
  const of = name === undefined ? what : `${what} of ${visible(name)}`;
  const whose = `${count(runs)} ${runs === 1 ? 'run' : 'runs'}, first ${visible(first.stream)}`;
  return `${of}: ${recorded} then, ${present ?? 'nothing'} today (${whose}, entry ${first.seq})`;
}
