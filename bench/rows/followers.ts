import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSqliteStore } from '@chancery/adapters/store-sqlite';
import type { LedgerStore } from '@chancery/kernel/ledger';
import { Followers } from '@chancery/runtime/journal';
import { genesis, headAfter, turns } from '@chancery/testkit/store-suite';
import { percentile, percentiles, type BenchRow } from '../row.ts';

const count = 10_000;
const perSecond = 1_000;
const seconds = { warmUp: 2, measured: 8 };
const paceMs = 10;
const mostLagMs = 1_000;
const mostAddedMib = 200;
const mib = 2 ** 20;
/** Of the bench itself, and there before the memory is looked at. */
const mostLags = 2_000_000;

/** 10,000 followers in one process, while 1,000 entries a second are durably appended. */
export async function followersRows(): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-followers-'));
  const store = openSqliteStore({ path: join(folder, 'ledger.db'), create: true });
  try {
    await store.append(genesis);
    return rowsOf(await measure(store));
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

interface Measured {
  /** From the answer of an append until a follower has its entry, of each page of each follower. */
  readonly lagsMs: readonly number[];
  readonly addedMib: readonly number[];
  readonly perSecond: number;
}

async function measure(store: LedgerStore): Promise<Measured> {
  const appendedAtMs: number[] = [performance.now()];
  await appendFor(store, appendedAtMs, seconds.warmUp);
  const crowd = new Crowd(store, appendedAtMs);
  const beforeBytes = residentBytes();
  const stop = new AbortController();
  const following = crowd.follow(appendedAtMs.length, stop.signal);
  await appendFor(store, appendedAtMs, seconds.warmUp);
  crowd.forgetLags();
  const addedMib: number[] = [];
  const sampling = setInterval(() => {
    addedMib.push((residentBytes() - beforeBytes) / mib);
  }, 100);
  const took = await appendFor(store, appendedAtMs, seconds.measured);
  clearInterval(sampling);
  await crowd.reached(appendedAtMs.length);
  stop.abort();
  await following;
  return { lagsMs: crowd.lagsMs, addedMib, perSecond: took.perSecond };
}

/** Appends ten entries every ten milliseconds; catches up where it is late. */
async function appendFor(store: LedgerStore, appendedAtMs: number[], forSeconds: number) {
  const total = forSeconds * perSecond;
  const each = (perSecond * paceMs) / 1_000;
  const beganMs = performance.now();
  let head = await store.head('run:bench');
  for (let done = 0; done < total; done += each) {
    const batch = turns('run:bench', head, each);
    await store.append(batch);
    head = headAfter(batch, 'run:bench');
    const nowMs = performance.now();
    for (let index = 0; index < each; index += 1) appendedAtMs.push(nowMs);
    await sleep(Math.max(0, beganMs + (done / each + 1) * paceMs - performance.now()));
  }
  return { perSecond: (total / (performance.now() - beganMs)) * 1_000 };
}

class Crowd {
  readonly #lagsMs = new Float64Array(mostLags).fill(0);
  #lags = 0;
  readonly #followers: Followers;
  readonly #appendedAtMs: readonly number[];
  readonly #reached = new Array<number>(count).fill(0);

  constructor(store: LedgerStore, appendedAtMs: readonly number[]) {
    this.#followers = new Followers(store);
    this.#appendedAtMs = appendedAtMs;
  }

  get lagsMs(): readonly number[] {
    return [...this.#lagsMs.subarray(0, this.#lags)];
  }

  forgetLags(): void {
    this.#lags = 0;
  }

  async follow(from: number, signal: AbortSignal): Promise<void> {
    const all = Array.from({ length: count }, (_, index) => this.#one(index, from, signal));
    await Promise.all(all);
  }

  /** Resolves when every follower has seen everything before a position. */
  async reached(position: number): Promise<void> {
    while (this.#reached.some((next) => next < position)) await sleep(paceMs);
  }

  /** Checks that nothing is missing or doubled; the lag is that of the oldest entry of a page. */
  async #one(index: number, from: number, signal: AbortSignal): Promise<void> {
    let next = from;
    for await (const page of this.#followers.follow({ from, signal })) {
      if (page[0]?.position !== next) throw new Error(`a follower was given another than ${next}`);
      this.#lagsMs[this.#lags % mostLags] = performance.now() - (this.#appendedAtMs[next] ?? 0);
      this.#lags += 1;
      next += page.length;
      this.#reached[index] = next;
    }
  }
}

function residentBytes(): number {
  return process.memoryUsage.rss();
}

function rowsOf({ lagsMs, addedMib, perSecond: appended }: Measured): BenchRow[] {
  const lag = percentiles(lagsMs);
  const mostMib = percentile(addedMib, 1);
  return [
    {
      ...{ name: 'followers', unit: 'ms', ...lag, perSecond: appended },
      reference: { name: `${mostLagMs} ms at p99`, perSecond },
      ...against(mostLagMs / lag.p99),
    },
    {
      ...{ name: 'followers-memory', unit: 'MiB', ...percentiles(addedMib), perSecond: appended },
      reference: { name: `${mostAddedMib} MiB`, perSecond },
      ...against(mostAddedMib / mostMib),
    },
  ];
}

function against(ratio: number): Pick<BenchRow, 'ratio' | 'bar' | 'met'> {
  return { ratio, bar: 1, met: ratio >= 1 };
}
