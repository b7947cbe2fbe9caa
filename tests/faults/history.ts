import { MemoryStore } from '@chancery/adapters/store-memory';
import type { Digest } from '@chancery/kernel/encoding';
import {
  prunedBlobs,
  type AppendOutcome,
  type Blob,
  type SealedBatch,
} from '@chancery/kernel/ledger';
import { drive } from '@chancery/runtime/drive';
import { planPrune, pruneBlobs } from '@chancery/runtime/removal';
import { capabilityOf, houseOf, modelOf, observed, startTestRun } from '@chancery/testkit/house';

/** What a runtime has recorded: a founded ledger, a run that has ended, and that its contents are pruned. */
export interface History {
  readonly ledger: Digest;
  readonly batches: readonly SealedBatch[];
}

class RecordingStore extends MemoryStore {
  readonly batches: SealedBatch[] = [];

  override async append(batch: SealedBatch): Promise<AppendOutcome> {
    const outcome = await super.append(batch);
    if (outcome.kind === 'appended') this.batches.push(batch);
    return outcome;
  }
}

const note = capabilityOf({
  name: 'note',
  effect: 'write',
  execute: () => Promise.resolve(observed({ noted: true })),
});

/** Records a run of so many calls; the arguments of the first stand outside their entries. */
export async function recordHistory(calls: number): Promise<History> {
  const store = new RecordingStore();
  const house = await houseOf({ store, capabilities: [note] });
  const turns = Array.from({ length: calls }, (_, index) => ({
    calls: [{ name: 'note', args: { text: `${index}`.repeat(index === 0 ? 40_000 : 1) } }],
  }));
  const held = await startTestRun(house, modelOf([...turns, { say: 'done' }]));
  await drive(held.driven, {
    stop: new AbortController().signal,
    rest: () => Promise.resolve(),
    waitForHumans: false,
  });
  const { ledger, clock, owner } = house;
  const { blobs } = await planPrune(store, {});
  const pruned = await pruneBlobs(
    { store, ledger, clock, by: owner, reason: 'old' },
    blobs.map(({ digest }) => digest),
  );
  if (!pruned.ok || pruned.value === 0) throw new Error('nothing was pruned');
  return { ledger, batches: store.batches };
}

/** The contents that a ledger of these batches has, and those that it has no more. */
export function contentsOf(batches: readonly SealedBatch[]): {
  readonly kept: readonly Blob[];
  readonly pruned: readonly Digest[];
} {
  const pruned = batches.flatMap(({ entries }) => prunedBlobs(entries));
  const brought = batches.flatMap(({ blobs }) => blobs);
  return { kept: brought.filter(({ digest }) => !pruned.includes(digest)), pruned };
}
