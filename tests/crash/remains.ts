import { readSqliteStore } from '@chancery/adapters/store-sqlite';
import type { Effect } from '@chancery/kernel/contract';
import { leafDigest } from '@chancery/kernel/encoding';
import { openEntry, type Head, type SealedEntry, type StoredEntry } from '@chancery/kernel/ledger';
import { verifyLedger, type Finding } from '@chancery/kernel/replay';
import { phases, type Phase } from '@chancery/runtime/broker';
import { linesOf } from './capabilities.ts';
import { git } from './process.ts';
import { placesIn } from './scene.ts';

/** What is found of a run after its processes are gone. */
export interface Remains {
  readonly findings: readonly Finding[];
  readonly outcomes: readonly (string | undefined)[];
  /** Entries that were acknowledged and are not on the ledger. */
  readonly lost: readonly string[];
  /** Digests of actions outside whose line is there twice, or without a commit, or the reverse. */
  readonly miscounted: readonly string[];
  readonly counted: number;
  /** Tree digest that the run ended with. */
  readonly tree: string;
  readonly files: readonly { readonly path: string; readonly text: string }[];
}

export async function remainsOf(folder: string): Promise<Remains> {
  const places = placesIn(folder);
  const { stored, heads } = await readLedger(places.database);
  const entries = stored.map((each) => openEntry(each));
  const { findings, runs } = verifyLedger(entries[0]?.digest ?? '', [stored], heads);
  const present = new Set(
    stored.map(({ stream, seq, text }) => `${stream} ${seq} ${leafDigest(text)}`),
  );
  const counted = linesOf(places.counter);
  const end = endOf(entries);
  return {
    findings,
    outcomes: runs.map(({ outcome }) => outcome),
    lost: linesOf(places.acknowledged).filter((line) => !present.has(line)),
    miscounted: differing(counted, committedOutside(entries)),
    counted: counted.length,
    tree: end?.tree ?? '',
    files: end?.commit ? filesOf(places.repository, end.commit) : [],
  };
}

function filesOf(repository: string, commit: string): Remains['files'] {
  const paths = git(repository, 'ls-tree', '-r', '--name-only', commit).trimEnd().split('\n');
  return paths.map((path) => ({ path, text: git(repository, 'show', `${commit}:${path}`) }));
}

async function readLedger(database: string) {
  const store = readSqliteStore(database);
  const stored: StoredEntry[] = [...(await store.readAll(0, 10_000))];
  const streams = await store.streams('');
  await store.close();
  return {
    stored,
    heads: new Map<string, Head>(streams.map(({ stream, head }) => [stream, head])),
  };
}

/** Actions that were committed of capabilities whose effects are outside. */
function committedOutside(entries: readonly SealedEntry[]): readonly string[] {
  const outside = new Set<string>();
  const committed: string[] = [];
  for (const { entry } of entries) {
    if (entry.kind === 'proposal.staged' && entry.body.effects.some(leaves)) {
      outside.add(entry.body.actionDigest);
    }
    if (entry.kind === 'commit' && outside.has(entry.body.action))
      committed.push(entry.body.action);
  }
  return committed;
}

const leaves = (effect: Effect): boolean => effect === 'external' || effect === 'irreversible';

/** What is not in both of the lists exactly once. */
function differing(a: readonly string[], b: readonly string[]): readonly string[] {
  const times = (list: readonly string[], item: string): number =>
    list.filter((each) => each === item).length;
  return [...new Set([...a, ...b])].filter((item) => times(a, item) !== 1 || times(b, item) !== 1);
}

/** The end of the run that was started last. */
function endOf(entries: readonly SealedEntry[]) {
  const ends = entries.flatMap(({ entry }) => (entry.kind === 'run.finished' ? [entry.body] : []));
  return ends.at(-1);
}

/** Where in the broker a process was after these instants. */
export function placeOf(marks: readonly string[]): Phase | 'between actions' {
  const last = marks.at(-1);
  const phase = phases.find((each) => each === last);
  if (phase !== undefined) return phase;
  const earlier = marks.findLast((mark) => isPhase(mark) || mark === 'at rest');
  return earlier !== undefined && isPhase(earlier) && earlier !== 'settled'
    ? earlier
    : 'between actions';
}

function isPhase(mark: string): mark is Phase {
  return (phases as readonly string[]).includes(mark);
}
