import { bytesDigest, type Digest } from '@chancery/kernel/encoding';
import type { Blob, Draft, Head, LedgerStore } from '@chancery/kernel/ledger';
import { headAfter, ledgerHead, ledgerId, someBatch, turns } from './batches.ts';
import { inLedger, type Runner, type StoreHarness } from './harness.ts';

function blobOf(text: string): Blob {
  const bytes = new TextEncoder().encode(text);
  return { digest: bytesDigest(bytes), bytes, mediaType: 'text/plain' };
}

/** Says that blobs are pruned. No store looks into the envelope. */
export function pruning(blobs: readonly Digest[]): Draft {
  const payloadType = 'application/vnd.chancery.removal+json';
  const envelope = { payloadType, payload: '', signatures: [] };
  return { stream: 'ledger', kind: 'blob.pruned', body: { blobs, envelope } };
}

/** A batch that prunes upon a head of the stream `ledger`. */
export function pruningBatch(blobs: readonly Digest[], head: Head | null = ledgerHead) {
  const heads = new Map([['ledger', head]]);
  const id = `ledger@${(head?.seq ?? 0) + 1}`;
  return someBatch({ id, ledger: ledgerId, heads, drafts: [pruning(blobs)] });
}

async function readAll(store: LedgerStore, blobs: readonly Blob[]) {
  const read: (Uint8Array | undefined)[] = [];
  for (const { digest } of blobs) read.push(await store.blob(digest));
  return read;
}

/** What every store must do with blobs that an entry prunes. */
export function pruneSuite({ describe, it, expect }: Runner, harness: StoreHarness): void {
  describe('pruning', () => {
    const kept = blobOf('kept');
    const gone = blobOf('gone');

    it('removes the blobs that an entry names with that entry, and no other', () =>
      inLedger(harness, async (store) => {
        const batch = turns('run:a', null, 1);
        await store.append({ ...batch, blobs: [kept, gone] });
        const never = blobOf('never kept').digest;
        const pruned = pruningBatch([gone.digest, never]);
        expect(await store.append(pruned)).toEqual({ kind: 'appended', position: 2 });
        expect(await readAll(store, [kept, gone])).toEqual([kept.bytes, undefined]);
        expect((await store.readAll(0, 10)).length).toBe(3);
        expect(await store.head('ledger')).toEqual(headAfter(pruned, 'ledger'));
      }));

    it('removes nothing with a batch that is not written', () =>
      inLedger(harness, async (store) => {
        await store.append({ ...turns('run:a', null, 1), blobs: [gone] });
        const stale = pruningBatch([gone.digest], { seq: 0, digest: 'f'.repeat(64) });
        expect(await store.append(stale)).toMatchObject({ kind: 'conflict' });
        expect(await readAll(store, [gone])).toEqual([gone.bytes]);
      }));

    it('has a blob again that a later batch brings, also one of the same moment', () =>
      inLedger(harness, async (store) => {
        await store.append({ ...turns('run:a', null, 1), blobs: [gone, kept] });
        const pruned = pruningBatch([gone.digest, kept.digest]);
        const later = { ...turns('run:b', null, 1), blobs: [gone] };
        const both = [store.append(pruned), store.append(later)];
        expect(await Promise.all(both)).toEqual([
          { kind: 'appended', position: 2 },
          { kind: 'appended', position: 3 },
        ]);
        expect(await readAll(store, [gone, kept])).toEqual([gone.bytes, undefined]);
      }));

    it('does so in a crowd', () =>
      inLedger(harness, async (store) => {
        const blobs = Array.from({ length: 40 }, (_, index) => blobOf(`blob ${index}`));
        const names = blobs.map((_, index) => `run:${index}`);
        await Promise.all(
          names.map((name, index) =>
            store.append({ ...turns(name, null, 1), blobs: blobs.slice(index, index + 1) }),
          ),
        );
        const pruned = pruningBatch(blobs.map(({ digest }) => digest));
        const again = names.map((name) => turns(`${name}.again`, null, 1));
        await Promise.all([store.append(pruned), ...again.map((batch) => store.append(batch))]);
        expect(await readAll(store, blobs)).toEqual(blobs.map(() => undefined));
      }));
  });

  if (!harness.isPersistent) return;
  it('has pruned for good when it is opened again', () =>
    inLedger(harness, async (store, place) => {
      const blob = blobOf('x'.repeat(100_000));
      await store.append({ ...turns('run:a', null, 1), blobs: [blob] });
      await store.append(pruningBatch([blob.digest]));
      await store.close();
      const again = await place.open();
      try {
        expect(await readAll(again, [blob])).toEqual([undefined]);
      } finally {
        await again.close();
      }
    }));
}
