import type { Head, LedgerStore } from '@chancery/kernel/ledger';
import { headAfter, ledgerId, someBatch, turn } from './batches.ts';

/** Enough of them that a store which has a way of its own for a crowd goes it. */
const lanes = 64;
const shared = 'run:shared';

/**
 * Writes batches to a founded ledger, in several trajectories at once, until the process is
 * killed. Every third batch of each also writes a stream that all share. Prints `stream seq digest`
 * of each entry once its batch has been acknowledged.
 */
export async function writeUntilKilled(store: LedgerStore): Promise<void> {
  const present = await store.streams('run:');
  const heads = new Map<string, Head | null>(present.map(({ stream, head }) => [stream, head]));
  let made = 0;
  const lane = async (own: string): Promise<never> => {
    for (let round = 0; ; round += 1) {
      const streams = round % 3 === 0 ? [own, shared, own] : [own, own];
      made += 1;
      const batch = someBatch({
        id: `${process.pid}-${made}`,
        ledger: ledgerId,
        heads,
        drafts: streams.map((stream) => turn(stream, round)),
      });
      const outcome = await store.append(batch);
      if (outcome.kind === 'conflict') {
        heads.set(outcome.conflict.stream, outcome.conflict.actual);
        continue;
      }
      for (const { stream } of batch.writes) heads.set(stream, headAfter(batch, stream));
      const said = batch.entries.map(
        ({ entry, digest }) => `${entry.stream} ${entry.seq} ${digest}\n`,
      );
      await new Promise((resolve) => process.stdout.write(said.join(''), resolve));
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, index) => lane(`run:lane-${index}`)));
}
