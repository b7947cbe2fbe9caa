import { bytesDigest } from '@chancery/kernel/encoding';
import type { SealedBatch, StoredEntry } from '@chancery/kernel/ledger';
import { genesis, headAfter, ledgerHead, ledgerId, someBatch, turn, turns } from './batches.ts';
import { conflictSuite, crowdSuite, racingSuite } from './contention.ts';
import { pruneSuite } from './prune.ts';
import { followSuite } from './following.ts';
import { codeOf, inLedger, type Runner, type StoreHarness } from './harness.ts';

/** What every `LedgerStore` must do; run by each of them. */
export function storeSuite(runner: Runner, name: string, harness: StoreHarness): void {
  runner.describe(`a ledger in ${name}`, () => {
    appendSuite(runner, harness);
    readSuite(runner, harness);
    conflictSuite(runner, harness);
    racingSuite(runner, harness);
    crowdSuite(runner, harness);
    pruneSuite(runner, harness);
    followSuite(runner, harness);
    lifeSuite(runner, harness);
  });
}

function storedAs({ entries }: SealedBatch, position: number): StoredEntry[] {
  return entries.map(({ entry: { stream, seq }, text }, index) => ({
    position: position + index,
    stream,
    seq,
    text,
  }));
}

function appendSuite({ describe, it, expect }: Runner, harness: StoreHarness): void {
  describe('appending', () => {
    it('gives back what was written, as it was written', () =>
      inLedger(harness, async (store) => {
        const batch = turns('run:a', null, 3);
        expect(await store.append(batch)).toEqual({ kind: 'appended', position: 1 });
        expect(await store.read('run:a', 0, 10)).toEqual(storedAs(batch, 1));
        expect(await store.head('run:a')).toEqual(headAfter(batch, 'run:a'));
      }));

    it('writes several streams together', () =>
      inLedger(harness, async (store) => {
        const batch = someBatch({
          id: 'both',
          ledger: ledgerId,
          heads: new Map(),
          drafts: [turn('run:a', 1), turn('run:b', 1), turn('run:a', 2)],
        });
        expect(await store.append(batch)).toEqual({ kind: 'appended', position: 1 });
        expect(await store.readAll(1, 10)).toEqual(storedAs(batch, 1));
        expect(await store.head('run:b')).toEqual(headAfter(batch, 'run:b'));
      }));

    it('refuses entries that do not continue their stream', () =>
      inLedger(harness, async (store) => {
        const batch = turns('run:a', null, 2);
        const gap = { ...batch, entries: batch.entries.slice(1) };
        expect(await codeOf(store.append(gap))).toBe('entry.invalid');
        const empty = { ...batch, entries: [], writes: [] };
        expect(await codeOf(store.append(empty))).toBe('entry.invalid');
        expect(await store.readAll(1, 10)).toEqual([]);
      }));

    it('refuses a stream that begins in another ledger', () =>
      inLedger(harness, async (store) => {
        const foreign = someBatch({
          id: 'foreign',
          ledger: 'f'.repeat(64),
          heads: new Map(),
          drafts: [turn('run:a', 1)],
        });
        expect(await codeOf(store.append(foreign))).toBe('entry.invalid');
        expect(await store.head('run:a')).toBeNull();
      }));

    it('keeps blobs with the batch, and none of a batch that is refused', () =>
      inLedger(harness, async (store) => {
        const bytes = new Uint8Array([0, 255, 10, 13]);
        const blob = { digest: bytesDigest(bytes), bytes, mediaType: 'text/plain' };
        const batch = turns('run:a', null, 1);
        await store.append({ ...batch, blobs: [blob] });
        await store.append({ ...turns('run:b', null, 1), blobs: [blob] });
        expect(await store.blob(blob.digest)).toEqual(bytes);

        const other = { ...blob, digest: bytesDigest('other') };
        const forged = { ...turns('run:c', null, 1), blobs: [other] };
        expect(await codeOf(store.append(forged))).toBe('entry.invalid');
        const late = { ...blob, bytes: new Uint8Array([1]), digest: bytesDigest('\u0001') };
        expect(await store.append({ ...batch, blobs: [late] })).toMatchObject({ kind: 'conflict' });
        expect(await store.blob(other.digest)).toBeUndefined();
        expect(await store.blob(late.digest)).toBeUndefined();
        expect(await store.head('run:c')).toBeNull();
      }));
  });
}

function readSuite({ describe, it, expect }: Runner, harness: StoreHarness): void {
  describe('reading', () => {
    it('gives pages, full until the end', () =>
      inLedger(harness, async (store) => {
        const batch = turns('run:a', null, 5);
        await store.append(batch);
        const all = storedAs(batch, 1);
        expect(await store.read('run:a', 0, 2)).toEqual(all.slice(0, 2));
        expect(await store.read('run:a', 2, 2)).toEqual(all.slice(2, 4));
        expect(await store.read('run:a', 4, 2)).toEqual(all.slice(4));
        expect(await store.read('run:a', 5, 2)).toEqual([]);
        expect(await store.readAll(0, 2)).toEqual([...storedAs(genesis, 0), all[0]]);
        expect(await store.readAll(6, 2)).toEqual([]);
      }));

    it('knows nothing of a stream that was never written', () =>
      inLedger(harness, async (store) => {
        expect(await store.head('run:a')).toBeNull();
        expect(await store.read('run:a', 0, 10)).toEqual([]);
        expect(await store.blob('0'.repeat(64))).toBeUndefined();
      }));

    it('tells the heads of several streams at once, in the order asked for', () =>
      inLedger(harness, async (store) => {
        const batches = ['run:a', 'run:b'].map((name) => turns(name, null, 2));
        for (const batch of batches) await store.append(batch);
        const [a, b] = batches.map((batch, at) => headAfter(batch, at === 0 ? 'run:a' : 'run:b'));
        expect(await store.heads(['run:b', 'run:c', 'run:a', 'run:b'])).toEqual([b, null, a, b]);
        expect(await store.heads([])).toEqual([]);
      }));

    it('lists the heads of the streams of a prefix by name', () =>
      inLedger(harness, async (store) => {
        const names = ['run:b', 'run:a', 'run:a.2', 'run:Z'];
        const batches = names.map((name) => turns(name, null, 2));
        for (const batch of batches) await store.append(batch);
        const listed = await store.streams('run:');
        const heads = names.map((stream, index) => ({
          stream,
          head: headAfter(batches[index] ?? genesis, stream),
        }));
        expect(listed).toEqual(heads.sort((a, b) => (a.stream < b.stream ? -1 : 1)));
        expect(await store.streams('ledger')).toEqual([{ stream: 'ledger', head: ledgerHead }]);
        expect((await store.streams('')).length).toBe(names.length + 1);
        expect(await store.streams('task:')).toEqual([]);
      }));
  });
}

function lifeSuite({ describe, it, expect }: Runner, harness: StoreHarness): void {
  describe('while it is open', () => {
    it('calls back when an append can be read, until it is told to stop', () =>
      inLedger(harness, async (store) => {
        const seen: Promise<number>[] = [];
        const called = Promise.withResolvers<undefined>();
        const stop = store.subscribe(() => {
          seen.push(store.readAll(1, 10).then(({ length }) => length));
          called.resolve(undefined);
        });
        await store.append(turns('run:a', null, 2));
        await called.promise;
        expect(await Promise.all(seen)).toContain(2);
        stop();
        const before = seen.length;
        await store.append(turns('run:b', null, 1));
        await new Promise((resolve) => setTimeout(resolve, 150));
        expect(seen.length).toBe(before);
      }));

    it('refuses everything once it is closed, and closes twice', () =>
      inLedger(harness, async (store) => {
        const last = store.append(turns('run:a', null, 1));
        await store.close();
        await store.close();
        expect(await last).toEqual({ kind: 'appended', position: 1 });
        const refused = await Promise.all([
          codeOf(store.append(turns('run:b', null, 1))),
          codeOf(store.head('run:a')),
          codeOf(store.heads(['run:a'])),
          codeOf(store.read('run:a', 0, 1)),
          codeOf(store.readAll(0, 1)),
          codeOf(store.streams('')),
          codeOf(store.blob('0'.repeat(64))),
        ]);
        expect(new Set(refused)).toEqual(new Set(['ledger.unreachable']));
      }));
  });

  if (!harness.isPersistent) return;
  it('is the same when it is opened again', () =>
    inLedger(harness, async (store, place) => {
      const bytes = new Uint8Array(100_000).fill(7);
      const blob = { digest: bytesDigest(bytes), bytes, mediaType: 'application/octet-stream' };
      const batch = turns('run:a', null, 2);
      await store.append({ ...batch, blobs: [blob] });
      const before = await Promise.all([store.readAll(0, 10), store.streams('')]);
      await store.close();
      const again = await place.open();
      try {
        expect(await Promise.all([again.readAll(0, 10), again.streams('')])).toEqual(before);
        expect(await again.blob(blob.digest)).toEqual(bytes);
        const next = turns('run:a', headAfter(batch, 'run:a'), 1);
        expect(await again.append(next)).toEqual({ kind: 'appended', position: 3 });
      } finally {
        await again.close();
      }
    }));
}
