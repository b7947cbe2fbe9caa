import type { Amounts } from '@chancery/kernel/account';
import { readEntry } from '@chancery/kernel/ledger';
import { assert } from '@chancery/kernel/refusal';
import { workspaceKey, worldDigest } from '@chancery/kernel/world';
import type { StandIn } from '@chancery/runtime/drive';
import type { AuditedAction } from '@chancery/runtime/projections';
import { foldRunState } from '@chancery/runtime/snapshots';
import { refuse } from '../exit.ts';
import type { OpenLedger } from '../opening.ts';
import { auditedActions } from '../runs/auditing.ts';
import { findRun, taskOf } from '../runs/reading.ts';
import { readSeq } from '../runs/seq.ts';

/** A run as it was after one of its entries. */
export interface Moment {
  readonly run: string;
  readonly seq: number;
  readonly task: string;
  readonly model: string;
  readonly repository: string;
  readonly tree: string;
  readonly worldDigest: string;
  /** Null where it has not ended. */
  readonly outcome: 'succeeded' | 'failed' | 'cancelled' | 'exhausted' | null;
  readonly spent: Amounts;
  /** The moment of another run that it went on from; null where it began by itself. */
  readonly from: { readonly run: string; readonly seq: number } | null;
  /** What was wanted until then. */
  readonly actions: readonly AuditedAction[];
}

/** `RUN` or `RUN@SEQ`. @throws {RefusalError} `run.unknown`, `run.ambiguous`, `usage.invalid`. */
export async function momentOf(open: OpenLedger, named: string, standIn: StandIn): Promise<Moment> {
  const [name = '', at, ...more] = named.split('@');
  if (more.length > 0) refuse('usage.invalid', `${JSON.stringify(named)} is no RUN and no RUN@SEQ`);
  const run = await findRun(open.store, name);
  const head = await open.store.head(`run:${run}`);
  assert(head !== null, 'a run that was found has an entry');
  const last = head.seq;
  const seq = readSeq('RUN@SEQ:', at) ?? last;
  if (seq > last)
    refuse('usage.invalid', `the run ${run} has no entry ${seq}: its last is ${last}`);
  const { state } = await foldRunState(open, `run:${run}`, { atSeq: seq });
  const { started, finished, world, spent } = state;
  const tree = world.cells.get(workspaceKey)?.value;
  assert(started !== undefined && typeof tree === 'string', 'a run begins with its files');
  const actions = await auditedActions(open, run, standIn);
  return {
    ...{ run, seq, tree, spent },
    task: await taskOf(open, started),
    model: started.agent.model,
    repository: started.workspace.repository,
    worldDigest: worldDigest(world),
    outcome: finished?.outcome ?? null,
    from: await sourceOf(open, run),
    actions: actions.filter((action) => action.seq <= seq),
  };
}

async function sourceOf({ store }: OpenLedger, run: string): Promise<Moment['from']> {
  // The second entry, in the batch of the first.
  const [second] = await store.read(`run:${run}`, 1, 1);
  const read = second && readEntry(second);
  if (read?.ok !== true || read.value.entry.kind !== 'run.branched') return null;
  const { source, seq } = read.value.entry.body;
  return { run: source.slice('run:'.length), seq };
}
