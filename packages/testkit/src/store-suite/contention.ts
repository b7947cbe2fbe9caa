import type { AppendOutcome, Head, LedgerStore, SealedEntry } from '@chancery/kernel/ledger';
import { genesis, headAfter, ledgerHead, ledgerId, someBatch, turn, turns } from './batches.ts';
import { flawsOf, readHistory } from './history.ts';
import { codeOf, inLedger, type Runner, type StoreHarness } from './harness.ts';

function conflict(stream: string, expected: Head | null, actual: Head | null): AppendOutcome {
  return { kind: 'conflict', conflict: { stream, expected, actual } };
}

export function conflictSuite({ describe, it, expect }: Runner, harness: StoreHarness): void {
  describe('answering a stale batch', () => {
    it('tells the head that was written meanwhile', () =>
      inLedger(harness, async (store) => {
        const first = turns('run:a', null, 1);
        await store.append(first);
        const head = headAfter(first, 'run:a');
        const second = turns('run:a', head, 1);
        await store.append(second);
        const stale = turns('run:a', head, 2);
        const now = headAfter(second, 'run:a');
        expect(await store.append(stale)).toEqual(conflict('run:a', head, now));
        expect(await store.head('run:a')).toEqual(now);
      }));

    it('tells that a stream exists which must not', () =>
      inLedger(harness, async (store) => {
        const first = turns('run:a', null, 2);
        await store.append(first);
        const outcome = await store.append(turns('run:a', null, 1));
        expect(outcome).toEqual(conflict('run:a', null, headAfter(first, 'run:a')));
      }));

    it('tells that a stream does not exist which must', () =>
      inLedger(harness, async (store) => {
        const head = { seq: 3, digest: 'a'.repeat(64) };
        expect(await store.append(turns('run:a', head, 1))).toEqual(conflict('run:a', head, null));
      }));

    it('tells the head that a decision relied on, and writes nothing of the batch', () =>
      inLedger(harness, async (store) => {
        const policy = turns('run:policy', null, 1);
        await store.append(policy);
        const relied = [{ stream: 'run:policy', head: null }];
        const stale = { ...turns('run:a', null, 2), reads: relied };
        const now = headAfter(policy, 'run:policy');
        expect(await store.append(stale)).toEqual(conflict('run:policy', null, now));
        expect(await store.head('run:a')).toBeNull();
        const fresh = { ...stale, reads: [{ stream: 'run:policy', head: now }] };
        expect(await store.append(fresh)).toEqual({ kind: 'appended', position: 2 });
      }));

    it('writes no stream of a batch when one of them has moved', () =>
      inLedger(harness, async (store) => {
        await store.append(turns('run:b', null, 1));
        const both = someBatch({
          id: 'both',
          ledger: ledgerId,
          heads: new Map(),
          drafts: [turn('run:a', 1), turn('run:b', 1)],
        });
        expect((await store.append(both)).kind).toBe('conflict');
        expect(await store.head('run:a')).toBeNull();
        expect((await store.readAll(0, 10)).length).toBe(2);
      }));

    it('does not write the same batch twice', () =>
      inLedger(harness, async (store) => {
        const batch = turns('run:a', null, 2);
        const outcomes = await Promise.all([store.append(batch), store.append(batch)]);
        const now = headAfter(batch, 'run:a');
        expect(outcomes).toEqual([{ kind: 'appended', position: 1 }, conflict('run:a', null, now)]);
        expect(await store.append(batch)).toEqual(conflict('run:a', null, now));
        expect(await store.append(genesis)).toEqual(conflict('ledger', null, ledgerHead));
        expect((await store.readAll(0, 10)).length).toBe(3);
      }));
  });
}

export function racingSuite({ describe, it, expect }: Runner, harness: StoreHarness): void {
  describe('with racing writers', () => {
    it('lets exactly one of them win each head, and all of them in the end', () =>
      inLedger(harness, async (store) => {
        const [writers, each] = harness.isBrief === true ? [4, 2] : [16, 5];
        let conflicts = 0;
        const write = async (writer: number): Promise<void> => {
          for (let written = 0; written < each;) {
            const batch = someBatch({
              id: `${writer}-${written}`,
              ledger: ledgerId,
              heads: new Map([['run:a', await store.head('run:a')]]),
              drafts: [turn('run:a', writer)],
            });
            if ((await store.append(batch)).kind === 'appended') written += 1;
            else conflicts += 1;
          }
        };
        await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
        const stored = await store.read('run:a', 0, 1_000);
        expect(stored.map(({ seq }) => seq)).toEqual([...stored.keys()]);
        expect(stored.length).toBe(writers * each);
        expect(conflicts).toBeGreaterThan(0);
      }));

    it('settles each batch of a group by itself', () =>
      inLedger(harness, async (store) => {
        const good = turns('run:a', null, 2);
        const next = turns('run:a', headAfter(good, 'run:a'), 1);
        const bad = turns('run:b', null, 2);
        const settled = await Promise.all([
          store.append(good),
          codeOf(store.append({ ...bad, entries: bad.entries.slice(1) })),
          store.append(turns('run:a', null, 1)),
          store.append(next),
          store.append(turns('run:c', null, 1)),
        ]);
        expect(settled).toEqual([
          { kind: 'appended', position: 1 },
          'entry.invalid',
          conflict('run:a', null, headAfter(good, 'run:a')),
          { kind: 'appended', position: 3 },
          { kind: 'appended', position: 4 },
        ]);
      }));
  });
}

export function crowdSuite({ describe, it, expect }: Runner, harness: StoreHarness): void {
  describe('with many trajectories in flight', () => {
    const { waves, crowd, each } =
      harness.isBrief === true
        ? { waves: 2, crowd: 24, each: 1 }
        : { waves: 3, crowd: 64, each: 8 };

    it('keeps every chain whole while a crowd comes, goes and comes again', () =>
      inLedger(harness, async (store) => {
        const streams = (crowd * 3) / 4;
        for (let wave = 0; wave < waves; wave += 1) {
          const lanes = Array.from({ length: crowd }, (_, at) => `run:${at % streams}-${wave}`);
          await Promise.all(lanes.map((own, lane) => appendRelying(store, { own, lane, each })));
          await appendRelying(store, { own: `run:alone-${wave}`, lane: 0, each: 2 });
          await harness.betweenCrowds?.();
        }
        const history = await readHistory(store);
        expect(flawsOf(history)).toEqual([]);
        const lengths = new Map<string, number>();
        for (const { entry } of history) {
          lengths.set(entry.stream, (lengths.get(entry.stream) ?? 0) + 1);
        }
        const told = await store.streams('run:');
        expect(told.map(({ stream, head }) => [stream, head.seq + 1])).toEqual(
          [...lengths].filter(([stream]) => stream !== 'ledger').sort(),
        );
        // Each lane writes its batches; the lanes that share a stream do so in turn.
        expect(history.length).toBe(1 + waves * (crowd * each * 2 + 2 * 2) + sharedWrites(history));
        expect(await store.heads(told.map(({ stream }) => stream))).toEqual(
          told.map(({ head }) => head),
        );
      }));
  });
}

const shared = 'run:shared';

interface Lane {
  readonly own: string;
  readonly lane: number;
  /** Batches that it appends. */
  readonly each: number;
}

/** Appends batches of two to a stream; every fourth writes a shared stream too, others rely on it. */
async function appendRelying(store: LedgerStore, { own, lane, each }: Lane): Promise<void> {
  for (let done = 0; done < each;) {
    const [head = null, common = null] = await store.heads([own, shared]);
    const both = (lane + done) % 4 === 0;
    const batch = someBatch({
      id: `${own}-${(head?.seq ?? -1) + 1}-${done}-${Math.random()}`,
      ledger: ledgerId,
      heads: new Map([
        [own, head],
        [shared, common],
      ]),
      drafts: [turn(own, done), turn(own, done), ...(both ? [turn(shared, done)] : [])],
      reads: both ? [] : [{ stream: shared, head: common }],
    });
    if ((await store.append(batch)).kind === 'appended') done += 1;
  }
}

function sharedWrites(history: readonly SealedEntry[]): number {
  return history.filter(({ entry }) => entry.stream === shared).length;
}
