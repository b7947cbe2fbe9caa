import { type Digest, isJsonObject, type JsonObject } from '@chancery/kernel/encoding';
import type { Body, Entry } from '@chancery/kernel/ledger';
import { assert } from '@chancery/kernel/refusal';
import { Exposure, RunPast } from '@chancery/kernel/replay';
import { savepointKey, workspaceKey } from '@chancery/kernel/world';
import { readContent, type Capability, type ContentRoom } from '../broker/index.ts';
import { entriesOf } from '../journal/index.ts';
import { restoreName } from './restore-name.ts';
import { rollbacksOf } from './rollbacks.ts';

/** One call that undoes commits of a run. */
export interface UndoStep {
  /** Their entries, the last first. */
  readonly commits: readonly number[];
  readonly capability: string;
  readonly args: JsonObject;
}

/** What nothing undoes, or of which nobody knows whether it happened. */
export interface Lasting {
  readonly entry: number;
  readonly capability: string;
}

export interface UndoPlan {
  /** In the order in which they are to be done. */
  readonly steps: readonly UndoStep[];
  readonly lasting: readonly Lasting[];
}

/** What is to be undone of a run: what it did after one of its entries, up to another. */
export interface Undoing {
  readonly to: number;
  readonly seq: number;
  /** The savepoint whose files are to be again; where it is undefined, those of `to`. */
  readonly toSavepoint?: string | undefined;
}

export interface UndoRoom extends ContentRoom {
  readonly ledger: Digest;
  /** Those that are offered, by name. */
  readonly capabilityOf: (name: string) => Capability | undefined;
}

interface Done {
  readonly seq: number;
  readonly proposal: Body<'proposal.staged'>;
  readonly commit: Body<'commit'>;
}

/**
 * What undoes all that a run did after one of its entries, up to another. First what has left the
 * machine, the last first, by the compensation of its capability; not what was undone before, nor that of
 * which nobody knows whether it was. Then the files, all at once, by the tree that they were then.
 * @throws {RefusalError} where what was done is not readable any more, as `readContent` does.
 */
export async function planUndoing(
  room: UndoRoom,
  source: string,
  { to, seq, toSavepoint }: Undoing,
): Promise<UndoPlan> {
  const { past, commits, doubts } = await historyOf(room, source, seq);
  const { undone, doubted } = await rollbacksOf(room.store, room.ledger, source);
  const since = commits.filter((each) => each.seq > to).toReversed();
  const steps: UndoStep[] = [];
  const lasting: Lasting[] = doubts.filter(({ entry }) => entry > to);
  for (const each of since) {
    if (!hasLeft(each) || undone.has(each.seq)) continue;
    const step = doubted.has(each.seq) ? undefined : await compensationOf(room, each);
    if (step === undefined) lasting.push({ entry: each.seq, capability: nameIn(each) });
    else steps.push(step);
  }
  // Files are a state: they go back however often, whatever was done with an earlier result.
  const key = toSavepoint === undefined ? workspaceKey : savepointKey(toSavepoint);
  const [then, now] = [treeAt(past, to, key), treeAt(past, seq, workspaceKey)];
  const changed = since.filter(({ commit }) =>
    commit.delta.some(({ key }) => key === workspaceKey),
  );
  if (then !== undefined && then !== now) {
    const told = new Set([
      ...steps.flatMap((step) => step.commits),
      ...lasting.map(({ entry }) => entry),
    ]);
    steps.push({
      commits: changed.map((each) => each.seq).filter((each) => !told.has(each)),
      capability: restoreName,
      args: { tree: then },
    });
  }
  return { steps, lasting: lasting.sort((a, b) => a.entry - b.entry) };
}

async function historyOf(
  { store, ledger }: UndoRoom,
  source: string,
  seq: number,
): Promise<{
  readonly past: RunPast;
  readonly commits: readonly Done[];
  readonly doubts: readonly Lasting[];
}> {
  const [past, exposure] = [new RunPast(), new Exposure()];
  const staged = new Map<Digest, Body<'proposal.staged'>>();
  const commits: Done[] = [];
  const doubts = new Map<Digest, Lasting>();
  for await (const { entry, digest } of entriesOf(store, source, { ledger })) {
    if (entry.seq > seq) break;
    exposure.take(entry);
    past.take(entry, digest, exposure);
    if (entry.kind === 'proposal.staged') staged.set(entry.body.actionDigest, entry.body);
    if (entry.kind === 'execution.in-doubt') noteDoubt(doubts, entry, staged);
    if (entry.kind === 'execution.reconciled') doubts.delete(entry.body.action);
    if (entry.kind !== 'commit') continue;
    const proposal = staged.get(entry.body.action);
    if (proposal !== undefined) commits.push({ seq: entry.seq, proposal, commit: entry.body });
  }
  return { past, commits, doubts: [...doubts.values()] };
}

function noteDoubt(
  doubts: Map<Digest, Lasting>,
  { seq, body: { action } }: Entry<'execution.in-doubt'>,
  staged: ReadonlyMap<Digest, Body<'proposal.staged'>>,
): void {
  const proposal = staged.get(action);
  assert(proposal !== undefined, 'what is in doubt was staged');
  doubts.set(action, { entry: seq, capability: proposal.action.capability });
}

function hasLeft({ proposal: { effects } }: Done): boolean {
  return effects.includes('external') || effects.includes('irreversible');
}

const nameIn = ({ proposal }: Done): string => proposal.action.capability;

async function compensationOf(room: UndoRoom, done: Done): Promise<UndoStep | undefined> {
  const capability = room.capabilityOf(nameIn(done));
  if (capability?.compensation === undefined) return undefined;
  const args = await readContent(room, done.proposal.action.normalisedArgs);
  const observation = await readContent(room, done.commit.observation);
  if (!isJsonObject(args) || !isJsonObject(observation)) return undefined;
  const undo = capability.compensation(args, observation);
  return undo && { commits: [done.seq], capability: undo.capability, args: undo.args };
}

function treeAt(past: RunPast, seq: number, key: string): string | undefined {
  const tree = past.momentAt(seq)?.world.cells.get(key)?.value;
  return typeof tree === 'string' ? tree : undefined;
}
