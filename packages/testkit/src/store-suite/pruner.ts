import type { Blob, Head, LedgerStore } from '@chancery/kernel/ledger';
import { bytesDigest } from '@chancery/kernel/encoding';
import { headAfter, turns } from './batches.ts';
import { pruningBatch } from './prune.ts';

/** Some pages long, so that its removal is more than one write. */
const blobBytes = 20_000;

/** The blob that `pruneUntilKilled` keeps and prunes in a round. */
export function blobOfRound(round: number): Blob {
  const bytes = new Uint8Array(blobBytes).fill(round % 256);
  new DataView(bytes.buffer).setUint32(0, round);
  return { digest: bytesDigest(bytes), bytes, mediaType: 'application/octet-stream' };
}

/**
 * Keeps a blob and prunes it, round after round, until the process is killed. A round is numbered
 * by the head of the stream `ledger`. Prints a line for each that has been acknowledged.
 */
export async function pruneUntilKilled(store: LedgerStore): Promise<void> {
  let ledger: Head | null = await store.head('ledger');
  let run: Head | null = await store.head('run:kept');
  for (;;) {
    const blob = blobOfRound((run?.seq ?? -1) + 1);
    const keeping = turns('run:kept', run, 1);
    await store.append({ ...keeping, blobs: [blob] });
    run = headAfter(keeping, 'run:kept');
    const pruning = pruningBatch([blob.digest], ledger);
    await store.append(pruning);
    ledger = headAfter(pruning, 'ledger');
    await new Promise((resolve) => process.stdout.write(`${ledger?.seq ?? 0}\n`, resolve));
  }
}
