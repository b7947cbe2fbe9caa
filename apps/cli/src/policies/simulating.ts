import { emptyTally, united, type Tally, type Trial } from '@chancery/domain/simulation';
import { simulateExport } from '@chancery/runtime/simulation';
import { subjectKeysOf } from '../compose/keys.ts';
import { openExportFile } from '../evidence/export-file.ts';
import { exitCodes, granted, refuse } from '../exit.ts';
import { reading } from '../opening.ts';
import { ownName } from '../own-name.ts';
import { readCount, readTime } from '../quantities.ts';
import type { CommonFlags, Session } from '../session.ts';
import { simulateLedger } from '../simulation/crew.ts';
import { reportPage } from '../simulation/page.ts';
import { showReport, tellLines, type Report } from '../simulation/report.ts';
import { ownLedger, sourcesOf, streamsOf, type Sources } from '../simulation/sources.ts';
import { entryCount } from '../terminal/amounts.ts';
import { writeNewText } from '../text-file.ts';
import { activeBundles, namedBundle } from './listing.ts';
import { repositoryFor, type RepositoryFlags } from './repository.ts';
import { policyIn, type SourceFlags } from './source.ts';

export interface SimulateFlags extends SourceFlags, RepositoryFlags, CommonFlags {
  readonly over: readonly string[];
  readonly without: readonly string[];
  readonly since?: string;
  readonly jobs?: string;
  readonly html?: string;
  readonly failOnFlips?: boolean;
}

/** Makes what was decided again as if another policy had been active, and tells what differs. */
export async function simulate(
  session: Session,
  file: string | undefined,
  flags: SimulateFlags,
): Promise<number> {
  if (file === undefined && flags.repo !== undefined) {
    refuse('usage.invalid', 'a repository, and no policy that is to decide on it', {
      remedy: 'Name a file with a policy of the level repository, or leave --repo out.',
    });
  }
  const trials = await trialsOf(session, file, flags);
  const sources = sourcesOf(flags.over);
  const sinceMs = flags.since === undefined ? 0 : granted(readTime('--since', flags.since));
  const asked = { trials, sinceMs, jobs: jobsOf(flags.jobs) };
  const own = sources.own === undefined ? undefined : 0;
  const tally = await gone(session, sources, asked);
  session.terminal.status(undefined);
  const names = [...(own === undefined ? [] : ownNames(sources)), ...sources.exports];
  const command = ownName(session.env);
  const report: Report = { trials, sinceMs, tally, own, command, sources: names };
  if (flags.html !== undefined) writeNewText(flags.html, reportPage(report));
  if (session.json) tellLines(session.terminal, report);
  else showReport(session.terminal, report);
  const isFailure = flags.failOnFlips === true && tally.counts.flipped > 0;
  return isFailure ? exitCodes.failed : exitCodes.ok;
}

function ownNames({ own }: Sources): readonly [string] {
  return [own === undefined || own === 'all' ? ownLedger : own.join(' ')];
}

async function trialsOf(
  session: Session,
  file: string | undefined,
  flags: SimulateFlags,
): Promise<readonly Trial[]> {
  const { home } = session;
  const trials: Trial[] = [];
  if (flags.without.length > 0) {
    const active = await reading(home, activeBundles);
    for (const name of flags.without) {
      const { level } = namedBundle(active, name, undefined);
      trials.push({ kind: 'without', level, name });
    }
  }
  if (file !== undefined) {
    const { bundle } = await policyIn(file, flags);
    trials.push({ kind: 'with', bundle, repository: await repositoryFor(session, bundle, flags) });
  }
  if (trials.length > 0) return trials;
  return refuse('usage.invalid', 'say which policy is to be tried', {
    remedy: 'Name a file with a policy, or --without the name of an active one.',
  });
}

function jobsOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : granted(readCount('--jobs', text));
}

interface Asked {
  readonly trials: readonly Trial[];
  readonly sinceMs: number;
  readonly jobs: number | undefined;
}

/** Goes through everything that is asked about, the own ledger first. */
async function gone(session: Session, sources: Sources, asked: Asked): Promise<Tally> {
  const { terminal, json, home } = session;
  let before = 0;
  const onProgress = (entries: number): void => {
    if (!json) terminal.status(entryCount(before + entries));
  };
  const { own, exports } = sources;
  let tally = emptyTally;
  if (own !== undefined) {
    tally = await reading(home, async (open) => {
      const streams = await streamsOf(open.store, own);
      const { trials, sinceMs, jobs } = asked;
      const asking = { home, ledger: open.ledger, trials, sinceMs, source: 0 };
      const counted = await simulateLedger(open, asking, streams, { jobs, onProgress });
      for (const { lastSeq } of streams) before += lastSeq + 1;
      return counted;
    });
  }
  for (const [index, path] of exports.entries()) {
    const source = index + (own === undefined ? 0 : 1);
    tally = united(tally, await ofExport(session, path, { ...asked, source, onProgress }));
  }
  return tally;
}

interface AskedOfExport extends Asked {
  readonly source: number;
  readonly onProgress: (entries: number) => void;
}

async function ofExport(
  { home }: Session,
  path: string,
  { trials, sinceMs, source, onProgress }: AskedOfExport,
): Promise<Tally> {
  const file = await openExportFile(path, 'r');
  try {
    const keys = await subjectKeysOf(home);
    const request = { file, trials, sinceMs, source, keys, onProgress, runs: undefined };
    return (await simulateExport(request)).tally;
  } finally {
    await file.close();
  }
}
