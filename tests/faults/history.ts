import { MemoryStore } from '@chancery/adapters/store-memory';
import { type Digest } from '@chancery/kernel/encoding';
import { type AppendOutcome, type SealedBatch } from '@chancery/kernel/ledger';
import { drive } from '@chancery/runtime/drive';
import { capabilityOf, houseOf, modelOf, observed, startTestRun } from '@chancery/testkit/house';

/** What a runtime has recorded: a founded ledger and a run that has ended. */
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
  return { ledger: house.ledger, batches: store.batches };
}
