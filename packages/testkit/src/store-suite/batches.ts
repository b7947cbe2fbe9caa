import type { Digest } from '@chancery/kernel/encoding';
import {
  catalogueDigest,
  sealBatch,
  type Blob,
  type Draft,
  type Head,
  type HeadExpectation,
  type SealedBatch,
} from '@chancery/kernel/ledger';
import { RefusalError } from '@chancery/kernel/refusal';
import { createGenesis } from '@chancery/kernel/writ';
import { signerFrom } from '../builders/index.ts';

const by = `ed25519:${'0'.repeat(64)}`;

export interface BatchRequest {
  readonly id: string;
  readonly ledger: Digest | null;
  /** Present heads of the streams that are written. */
  readonly heads: ReadonlyMap<string, Head | null>;
  readonly drafts: readonly Draft[];
  readonly reads?: readonly HeadExpectation[];
  readonly blobs?: readonly Blob[];
}

/** A batch sealed upon `heads`, as a runtime would append it. */
export function someBatch({ id, ledger, heads, drafts, reads, blobs }: BatchRequest): SealedBatch {
  const sealed = sealBatch({ ledger, by, nowMs: 1, batchId: id, heads, drafts });
  if (!sealed.ok) throw new RefusalError(sealed.refusal);
  const streams = new Set(drafts.map(({ stream }) => stream));
  return {
    entries: sealed.value.entries,
    writes: [...streams].map((stream) => ({ stream, head: heads.get(stream) ?? null })),
    reads: reads ?? [],
    blobs: blobs ?? [],
  };
}

/** An entry of a trajectory; what it says is of no interest to a store. */
export function turn(stream: string, number: number): Draft {
  return { stream, kind: 'turn.started', body: { turn: number } };
}

const root = signerFrom(1);

/** The batch that founds a ledger, signed by a root. */
export const genesis: SealedBatch = someBatch({
  id: 'genesis',
  ledger: null,
  heads: new Map(),
  drafts: [
    {
      stream: 'ledger',
      kind: 'ledger.created',
      body: {
        envelope: createGenesis({
          ...{ name: 'store', roots: [root], threshold: 1, nonce: 'n' },
          ...{ contractDigest: catalogueDigest, defaultPolicy: '0'.repeat(64) },
        }),
      },
    },
  ],
});

const [founding] = genesis.entries;
if (founding === undefined) throw new Error('a genesis has an entry');

/** Id of the ledger that `genesis` founds. */
export const ledgerId: Digest = founding.digest;

/** Head of the stream `ledger` after `genesis`. */
export const ledgerHead: Head = { seq: 0, digest: ledgerId };

/** A batch of turns in a stream, upon its head. */
export function turns(stream: string, head: Head | null, count: number): SealedBatch {
  return someBatch({
    id: `${stream}-${head === null ? 0 : head.seq + 1}`,
    ledger: ledgerId,
    heads: new Map([[stream, head]]),
    drafts: Array.from({ length: count }, (_, index) => turn(stream, index)),
  });
}

/** Head of a stream after a batch that writes it. */
export function headAfter(batch: SealedBatch, stream: string): Head | null {
  const last = batch.entries.findLast(({ entry }) => entry.stream === stream);
  return last === undefined ? null : { seq: last.entry.seq, digest: last.digest };
}
