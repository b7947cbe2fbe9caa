import { prunedBlobs, type LedgerStore } from '@chancery/kernel/ledger';
import { genesis } from './batches.ts';
import type { Child } from './child.ts';
import { flawsOf, readHistory } from './history.ts';
import type { Runner } from './harness.ts';
import { blobOfRound } from './pruner.ts';

export interface CrashPlace {
  open(): Promise<LedgerStore>;
  /** Starts a process that opens the ledger and runs `writeUntilKilled`. */
  startWriter(): Child;
  /** Starts a process that opens the ledger and runs `pruneUntilKilled`. */
  startPruner(): Child;
  dispose(): Promise<void>;
}

const kills = 12;
const longestLifeMs = 250;

/** What every durable `LedgerStore` must do when its process is killed. */
export function crashSuite(runner: Runner, name: string, place: () => Promise<CrashPlace>): void {
  const { describe, expect, it } = runner;
  describe(`a ledger in ${name}, its writer killed ${kills} times at random moments`, () => {
    it('has all that was acknowledged, no part of a batch, and every chain whole', async () => {
      const where = await place();
      try {
        await inStore(where, (store) => store.append(genesis));
        const acknowledged: string[] = [];
        for (let killed = 0; killed < kills; killed += 1) {
          acknowledged.push(...(await killOne(where.startWriter())));
          const history = await inStore(where, readHistory);
          expect(flawsOf(history)).toEqual([]);
          const written = new Set(
            history.map(({ entry, digest }) => `${entry.stream} ${entry.seq} ${digest}`),
          );
          expect(acknowledged.filter((entry) => !written.has(entry))).toEqual([]);
        }
        expect(acknowledged.length).toBeGreaterThan(kills);
      } finally {
        await where.dispose();
      }
    });

    it('has lost the blobs that an entry prunes, and no other', async () => {
      const where = await place();
      try {
        await inStore(where, (store) => store.append(genesis));
        for (let killed = 0; killed < kills; killed += 1) {
          const pruner = where.startPruner();
          await killOne(pruner);
          const { kept, pruned, wrong } = await inStore(where, blobsAgainstEntries);
          expect(wrong).toEqual([]);
          expect(pruned).toBeGreaterThan(0);
          expect(pruned + kept).toBeGreaterThan(killed);
        }
      } finally {
        await where.dispose();
      }
    });
  });
}

/** Rounds of `pruneUntilKilled` whose blob is there though it was pruned, or gone though it was not. */
async function blobsAgainstEntries(store: LedgerStore) {
  const pruned = new Set(
    (await store.read('ledger', 0, 10_000)).flatMap((stored) =>
      prunedBlobs([{ entry: stored, text: stored.text }]),
    ),
  );
  const wrong: number[] = [];
  const rounds = ((await store.head('run:kept'))?.seq ?? -1) + 1;
  for (let round = 0; round < rounds; round += 1) {
    const { digest } = blobOfRound(round);
    const isThere = (await store.blob(digest)) !== undefined;
    if (isThere === pruned.has(digest)) wrong.push(round);
  }
  return { kept: rounds - pruned.size, pruned: pruned.size, wrong };
}

async function inStore<T>(place: CrashPlace, use: (store: LedgerStore) => Promise<T>): Promise<T> {
  const store = await place.open();
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/** What the writer said before it was killed. A line that was cut short is a digest too short. */
async function killOne(writer: Child): Promise<readonly string[]> {
  await writer.said(1);
  await new Promise((resolve) => setTimeout(resolve, Math.random() * longestLifeMs));
  await writer.kill();
  return writer.lines.filter((line) => /^\S+ \d+ [0-9a-f]{64}$/.test(line));
}
