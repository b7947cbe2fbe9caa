import type { Digest, Json } from '@chancery/kernel/encoding';
import type { Body, LedgerStore } from '@chancery/kernel/ledger';
import { Exposure, openRunState, RunPast } from '@chancery/kernel/replay';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { workspaceKey, worldDigest, type Delta, type World } from '@chancery/kernel/world';
import { erasureOf } from '../removal/index.ts';
import { entriesOf } from '../journal/index.ts';

/** A moment of a run. */
export interface RunMoment {
  readonly run: string;
  /** Seq of one of its entries; undefined: the last. */
  readonly seq: number | undefined;
}

/** What another run can go on from. */
export interface BranchPoint {
  readonly branched: Body<'run.branched'>;
  readonly started: Body<'run.started'>;
  /** The start of the run that it undoes, where it does, and so on: whoever goes on from it has their policies. */
  readonly undone: readonly Body<'run.started'>[];
  /** Undefined where the run goes on itself. */
  readonly finished: Body<'run.finished'> | undefined;
  /** Digest of its files. */
  readonly tree: string;
}

const erasedRemedy =
  'No run goes on from it, and none undoes it: what comes from a subject is sealed with its key, which is destroyed. Start a run of its own.';

/**
 * Refuses `run.unknown` where there is no such run, or no such entry of it, and `content.erased` where
 * the subject of the run was erased: nothing could be sealed for it any more.
 */
export async function readBranchPoint(
  store: LedgerStore,
  ledger: Digest,
  { run, seq }: RunMoment,
): Promise<Result<BranchPoint>> {
  const source = `run:${run}`;
  const state = openRunState(source);
  const exposure = new Exposure();
  const past = new RunPast();
  for await (const sealed of entriesOf(store, source, { ledger })) {
    state.advance(sealed);
    exposure.take(sealed.entry);
    past.take(sealed.entry, sealed.digest, exposure);
  }
  const { started, finished } = state;
  if (started === undefined) return refused('run.unknown', `there is no run ${run}`);
  const { subject } = started;
  const erasure = subject && (await erasureOf(store, subject.key));
  if (erasure !== undefined) {
    const why = `the subject of the run ${run} was erased by ${erasure.by}`;
    return refused('content.erased', why, { remedy: erasedRemedy });
  }
  const at = seq ?? past.last;
  const moment = past.momentAt(at);
  const tree = moment?.world.cells.get(workspaceKey)?.value;
  if (moment === undefined || typeof tree !== 'string') {
    return refused('run.unknown', `the run ${run} has no entry ${at}: its last is ${past.last}`);
  }
  const branched = {
    ...{ source, seq: at, entry: moment.entry },
    worldDigest: worldDigest(moment.world),
    ...past.seenAt(at),
    delta: besideFiles(moment.world),
  };
  const undone = started.rollback === undefined ? [] : await undoneBy(store, ledger, source);
  return done({ branched, started, undone, finished, tree });
}

/** The starts of the runs that this one undoes: that which it goes on from, and what that one undoes. */
async function undoneBy(
  store: LedgerStore,
  ledger: Digest,
  stream: string,
): Promise<readonly Body<'run.started'>[]> {
  const found: Body<'run.started'>[] = [];
  let next: string | undefined = stream;
  while (next !== undefined) {
    const state = openRunState(next);
    let source: string | undefined;
    for await (const sealed of entriesOf(store, next, { ledger })) {
      state.advance(sealed);
      if (sealed.entry.kind === 'run.branched') source = sealed.entry.body.source;
      // What a run goes on from stands behind its start, and nowhere else.
      if (sealed.entry.seq > 0) break;
    }
    const { started } = state;
    if (started === undefined) return found;
    if (next !== stream) found.push(started);
    next = started.rollback === undefined ? undefined : source;
  }
  return found;
}

/** What puts into a fresh world what another has beside its files. */
function besideFiles({ cells }: World): Delta {
  const values: (readonly [key: string, value: Json])[] = [...cells].map(([key, { value }]) => [
    key,
    value,
  ]);
  return values
    .filter(([key]) => key !== workspaceKey)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => ({ op: 'put', key, value, expect: 0 }));
}
