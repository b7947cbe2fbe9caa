import type { LedgerStore, StoredEntry } from '@chancery/kernel/ledger';
import { Followers } from '@chancery/runtime/journal';
import { headAfter, turns } from './batches.ts';
import { codeOf, inLedger, type Runner, type StoreHarness } from './harness.ts';

/** Appends batches of 1, 2 and 3 entries to a stream of its own. */
async function writeLane(store: LedgerStore, stream: string, batches: number): Promise<void> {
  let head = await store.head(stream);
  for (let index = 0; index < batches; index += 1) {
    const batch = turns(stream, head, 1 + (index % 3));
    await store.append(batch);
    head = headAfter(batch, stream);
  }
}

/** Follows until it has seen the position `last`; `pause` is awaited between two pages. */
async function seenFrom(
  followers: Followers,
  { from, last, pause }: { from: number; last: number; pause?: () => Promise<unknown> },
): Promise<StoredEntry[]> {
  const stop = new AbortController();
  const seen: StoredEntry[] = [];
  if (from > last) return seen;
  for await (const page of followers.follow({ from, signal: stop.signal })) {
    seen.push(...page);
    if ((seen.at(-1)?.position ?? 0) >= last) stop.abort();
    else await pause?.();
  }
  return seen;
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export function followSuite(runner: Runner, harness: StoreHarness): void {
  runner.describe('followed', () => {
    racingFollowers(runner, harness);
    pace(runner, harness);
    ends(runner, harness);
  });
}

function racingFollowers({ it, expect }: Runner, harness: StoreHarness): void {
  const { before, lanes, each } =
    harness.isBrief === true
      ? { before: 6, lanes: 3, each: 3 }
      : { before: 300, lanes: 8, each: 30 };

  it('gives every entry once and in order, from any position, while others write', () =>
    inLedger(harness, async (store) => {
      await writeLane(store, 'run:before', before);
      const followers = new Followers(store);
      // A lane has two entries a batch, taken together.
      const there = 2 * before;
      const last = there + lanes * 2 * each;
      const writing = Array.from({ length: lanes }, (_, lane) =>
        writeLane(store, `run:${lane}`, each),
      );
      const starts = [0, 0, 1, 255, 511, 512, 513, there - 1, there, there + 1].filter(
        (from) => from <= there + 1,
      );
      const following = starts.map((from, index) =>
        seenFrom(followers, { from, last, ...(index % 2 === 0 ? {} : { pause: nextTurn }) }),
      );
      await Promise.all(writing);
      const all = await store.readAll(0, 10_000);
      expect(all.length).toBe(last + 1);
      expect(await Promise.all(following)).toEqual(starts.map((from) => all.slice(from)));
    }));

  it('is resumed behind what was seen, after any number of pages', () =>
    inLedger(harness, async (store) => {
      const followers = new Followers(store);
      const batches = harness.isBrief === true ? 9 : 99;
      const last = 2 * batches;
      const seen: StoredEntry[] = [];
      const resume = async (): Promise<void> => {
        while (seen.length <= last) {
          const stop = new AbortController();
          for await (const page of followers.follow({ from: seen.length, signal: stop.signal })) {
            seen.push(...page);
            stop.abort();
          }
        }
      };
      await Promise.all([writeLane(store, 'run:a', batches), resume()]);
      expect(seen).toEqual(await store.readAll(0, 1_000));
    }));
}

function pace({ it, expect }: Runner, harness: StoreHarness): void {
  it('does not wait for a follower that takes its time', () =>
    inLedger(harness, async (store) => {
      const batches = harness.isBrief === true ? 12 : 600;
      const last = 2 * batches;
      const followers = new Followers(store);
      const free = Promise.withResolvers<undefined>();
      let slowDone = false;
      const slow = seenFrom(followers, { from: 0, last, pause: () => free.promise });
      void slow.then(() => (slowDone = true));
      const quick = seenFrom(followers, { from: 0, last });
      await writeLane(store, 'run:a', batches);
      const all = await store.readAll(0, 2_000);
      expect(await quick).toEqual(all);
      expect(slowDone).toBe(false);
      free.resolve(undefined);
      expect(await slow).toEqual(all);
    }));

  it('tells followers that wait at the end of an append at once', () =>
    inLedger(harness, async (store) => {
      const followers = new Followers(store);
      const following = [0, 1, 1].map((from) => seenFrom(followers, { from, last: 2 }));
      await nextTurn();
      const batch = turns('run:a', null, 2);
      await store.append(batch);
      const all = await store.readAll(0, 10);
      expect(await Promise.all(following)).toEqual([all, all.slice(1), all.slice(1)]);
      const later = [3, 0].map((from) => seenFrom(followers, { from, last: 3 }));
      await store.append(turns('run:a', headAfter(batch, 'run:a'), 1));
      const now = await store.readAll(0, 10);
      expect(await Promise.all(later)).toEqual([now.slice(3), now]);
    }));
}

function ends({ it, expect }: Runner, harness: StoreHarness): void {
  it('ends when it is told to, while it waits and before it begins', () =>
    inLedger(harness, async (store) => {
      const followers = new Followers(store);
      const stop = new AbortController();
      const seen: number[] = [];
      const ended = (async () => {
        for await (const page of followers.follow({ from: 0, signal: stop.signal })) {
          seen.push(...page.map(({ position }) => position));
        }
      })();
      while (seen.length === 0) await Promise.race([nextTurn(), ended]);
      stop.abort();
      await ended;
      expect(seen).toEqual([0]);
      const none = followers.follow({ from: 0, signal: stop.signal });
      expect(await none.next()).toEqual({ done: true, value: undefined });
    }));

  it('is refused behind the end of the ledger, and where it cannot be read', () =>
    inLedger(harness, async (store) => {
      const followers = new Followers(store);
      const { signal } = new AbortController();
      expect(await codeOf(followers.follow({ from: 2, signal }).next())).toBe('ledger.corrupt');
      await store.close();
      const closed = new Followers(store).follow({ from: 0, signal });
      expect(await codeOf(closed.next())).toBe('ledger.unreachable');
    }));

  if (!harness.isPersistent) return;
  it('goes on where it was when the ledger is opened again', () =>
    inLedger(harness, async (store, place) => {
      await writeLane(store, 'run:a', 3);
      const seen = await seenFrom(new Followers(store), { from: 0, last: 4 });
      await store.close();
      const again = await place.open();
      try {
        const rest = seenFrom(new Followers(again), { from: seen.length, last: seen.length });
        await writeLane(again, 'run:b', 1);
        expect([...seen, ...(await rest)]).toEqual(await again.readAll(0, 100));
      } finally {
        await again.close();
      }
    }));
}
