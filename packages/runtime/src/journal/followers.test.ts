import type { LedgerStore, StoredEntry } from '@chancery/kernel/ledger';
import { refusal, RefusalError } from '@chancery/kernel/refusal';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Followers } from './followers.ts';

/** The ends of a store that followers use, with what they asked of it. */
class Growing {
  entries: StoredEntry[] = [];
  readonly asked: [from: number, limit: number][] = [];
  readonly listeners = new Set<() => void>();
  failing = false;

  async readAll(from: number, limit: number): Promise<readonly StoredEntry[]> {
    this.asked.push([from, limit]);
    await nextTurn();
    if (this.failing) throw new RefusalError(refusal('ledger.unreachable', 'gone'));
    return this.entries.slice(from, from + limit);
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  grow(count: number, text = 'x'): void {
    for (let index = 0; index < count; index += 1) {
      const position = this.entries.length;
      this.entries.push({ position, stream: 's', seq: position, text });
    }
    for (const listener of this.listeners) listener();
  }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

let ledger: Growing;
let followers: Followers;
let stop: AbortController;

beforeEach(() => {
  ledger = new Growing();
  followers = new Followers(ledger as Partial<LedgerStore> as LedgerStore);
  stop = new AbortController();
});

afterEach(() => stop.abort());

const follow = (from: number) => followers.follow({ from, signal: stop.signal });

/** Positions of the next page. */
async function nextOf(following: ReturnType<typeof follow>): Promise<number[]> {
  const next = await following.next();
  return next.done === true ? [] : next.value.map(({ position }) => position);
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, index) => from + index);

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await nextTurn();
};

/** The next pages of followers that wait at the end of the ledger; what they asked is forgotten. */
async function waiting(count: number) {
  const pages = range(0, count).map(() => nextOf(follow(ledger.entries.length)));
  await turns(10);
  ledger.asked.length = 0;
  return pages;
}

test('a new page is read once for all who wait at the end', async () => {
  ledger.grow(3);
  const pages = await waiting(50);
  ledger.grow(2);
  expect(await Promise.all(pages)).toEqual(range(0, 50).map(() => [3, 4]));
  expect(ledger.asked).toEqual([[3, 512]]);
});

test('those who are behind share the read of a page, and read up to the same places', async () => {
  ledger.grow(1_100);
  const all = [0, 0, 100, 100].map(follow);
  const first = [range(0, 512), range(0, 512), range(100, 512), range(100, 512)];
  expect(await Promise.all(all.map(nextOf))).toEqual(first);
  expect(await Promise.all(all.map(nextOf))).toEqual(first.map(() => range(512, 1_024)));
  expect(ledger.asked).toEqual([
    [0, 512],
    ...[99, 99].map((position) => [position, 1]),
    [100, 412],
    [512, 512],
  ]);
});

test('one who comes back late finds the last pages without reading, and older ones by reading', async () => {
  const late = follow(0);
  const present = follow(0);
  ledger.grow(1);
  expect([await nextOf(late), await nextOf(present)]).toEqual([[0], [0]]);
  for (let size = 1; size < 9; size += 1) {
    const page = nextOf(present);
    await turns(10);
    ledger.grow(1, 'x'.repeat(2 ** 20));
    expect(await page).toEqual([size]);
  }
  ledger.asked.length = 0;
  expect(await nextOf(follow(5))).toEqual([5]);
  expect(ledger.asked).toEqual([[4, 1]]);
  expect(await nextOf(late)).toEqual(range(1, 9));
  expect(ledger.asked).toEqual([
    [4, 1],
    [1, 511],
  ]);
});

test('nothing is read while nobody asks for more', async () => {
  const following = follow(0);
  ledger.grow(1);
  await nextOf(following);
  await turns(10);
  ledger.asked.length = 0;
  for (let size = 0; size < 5; size += 1) {
    ledger.grow(1);
    await turns(10);
  }
  expect(ledger.asked).toEqual([]);
  expect(await nextOf(following)).toEqual(range(1, 6));
});

test('a failure is told to all who wait, and whoever follows again goes on', async () => {
  ledger.grow(1);
  const pages = await waiting(3);
  ledger.failing = true;
  const told = Promise.allSettled(pages);
  ledger.grow(1);
  expect((await told).map(({ status }) => status)).toEqual(range(0, 3).map(() => 'rejected'));
  ledger.failing = false;
  expect(await nextOf(follow(1))).toEqual([1]);
});

test('one that is stopped while it reads does not come to wait', async () => {
  for (const when of [0, 1, 2, 3]) {
    const own = new AbortController();
    ledger.grow(1);
    const at = ledger.entries.length;
    const page = nextOf(followers.follow({ from: at, signal: own.signal }));
    await turns(when);
    own.abort();
    expect(await page).toEqual([]);
  }
});

test('an entry that is missing in between is told as damage', async () => {
  ledger.grow(5);
  ledger.entries.splice(2, 1);
  await expect(nextOf(follow(0))).rejects.toThrow('no entry at position 2');
});

test('the store is listened to only while somebody follows', async () => {
  ledger.grow(2);
  const [one, other] = [follow(0), follow(1)];
  expect([await nextOf(one), await nextOf(other), ledger.listeners.size]).toEqual([[0, 1], [1], 1]);
  await one.return();
  expect(ledger.listeners.size).toBe(1);
  stop.abort();
  expect([await nextOf(other), ledger.listeners.size]).toEqual([[], 0]);
});
