import { MemoryStore } from '@chancery/adapters/store-memory';
import type { LedgerStore } from '@chancery/kernel/ledger';
import type { DriveEnd } from '@chancery/runtime/drive';
import { Journal } from '@chancery/runtime/journal';
import { RunSnapshots, snapshotStream, type KeepingOptions } from '@chancery/runtime/snapshots';
import { capabilityOf, houseOf, modelOf, observed, startTestRun } from '@chancery/testkit/house';
import { call, driving } from '../spine/drive.ts';

export const everyEntries = 12;

const look = capabilityOf({
  name: 'look',
  effect: 'read',
  execute: () => Promise.resolve(observed({ seen: 'nothing' })),
});

/** A run of 16 reads, driven with snapshots that a change of the options makes fail or not. */
export async function driven(
  change: Partial<KeepingOptions> = {},
  store: LedgerStore = new MemoryStore(),
) {
  const house = await houseOf({ store, capabilities: [look] });
  const reads = Array.from({ length: 16 }, () => call(look.contract.name));
  const held = await startTestRun(house, modelOf([...reads, { say: 'done' }]));
  const run = held.driven.context.stream;
  const { ledger, clock, actor: signer } = house;
  const told: string[] = [];
  const options: KeepingOptions = {
    ...{ ledger, signer, everyEntries },
    journal: new Journal({ store, ledger, by: signer.id, clock }),
    onNotTaken: ({ code }) => told.push(code),
    onPassedOver: (refused) => told.push(...refused.map(({ refusal: { code } }) => code)),
    ...change,
  };
  const snapshots = await RunSnapshots.of(options, run);
  const goOn = (): Promise<DriveEnd> => driving(held, { grown: snapshots.grown });
  return { house, store, run, told, options, snapshots, goOn };
}

/** Seqs that the snapshots of a run cover. */
export async function coveredIn(store: LedgerStore, run: string): Promise<readonly number[]> {
  const taken = await store.read(snapshotStream(run), 0, 100);
  return taken.map(({ text }) => {
    const { body } = JSON.parse(text) as { readonly body: { readonly at: { seq: number } } };
    return body.at.seq;
  });
}
