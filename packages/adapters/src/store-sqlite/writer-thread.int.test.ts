import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AppendOutcome } from '@chancery/kernel/ledger';
import { Fault } from '@chancery/kernel/refusal';
import { genesis, headAfter, turns } from '@chancery/testkit/store-suite';
import { settle, type Waiting } from './settlement.ts';
import { openSqliteStore } from './store.ts';
import { WriterThread } from './writer-thread.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'store-sqlite-'));
  path = join(folder, 'ledger.db');
  const store = openSqliteStore({ path, create: true });
  await store.append(genesis);
  await store.close();
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function ready(thread: WriterThread): Promise<void> {
  while (!thread.isReady) await new Promise((resolve) => setTimeout(resolve, 5));
}

function waiting(batch: Waiting['batch']): {
  readonly one: Waiting;
  readonly outcome: Promise<AppendOutcome>;
} {
  const { promise, resolve, reject } = Promise.withResolvers<AppendOutcome>();
  return { one: { batch, resolve, reject }, outcome: promise };
}

describe('the thread that writes', () => {
  it('settles what it is given in that order, and all of it before it ends', async () => {
    const thread = new WriterThread(path, settle);
    await ready(thread);
    const first = turns('run:a', null, 2);
    const next = turns('run:a', headAfter(first, 'run:a'), 1);
    const given = [first, first, next].map(waiting);
    for (const { one } of given) thread.write([one]);
    expect(thread.isBusy).toBe(true);
    await thread.close();
    expect(thread.isBusy).toBe(false);
    const now = headAfter(first, 'run:a');
    expect(await Promise.all(given.map(({ outcome }) => outcome))).toEqual([
      { kind: 'appended', position: 1 },
      { kind: 'conflict', conflict: { stream: 'run:a', expected: null, actual: now } },
      { kind: 'appended', position: 3 },
    ]);
    const store = openSqliteStore({ path });
    expect(await store.head('run:a')).toEqual(headAfter(next, 'run:a'));
    await store.close();
  });

  it('refuses a forged batch alone', async () => {
    const thread = new WriterThread(path, settle);
    await ready(thread);
    const forged = { ...turns('run:a', null, 2), writes: [] };
    const [bad, good] = [waiting(forged), waiting(turns('run:b', null, 1))];
    thread.write([bad.one, good.one]);
    await expect(bad.outcome).rejects.toMatchObject({ refusal: { code: 'entry.invalid' } });
    expect(await good.outcome).toEqual({ kind: 'appended', position: 1 });
    await thread.close();
  });

  it('rejects all that it is given once it cannot open the ledger', async () => {
    const thread = new WriterThread(join(folder, 'elsewhere', 'ledger.db'), settle);
    await ready(thread);
    const { one, outcome } = waiting(turns('run:a', null, 1));
    thread.write([one]);
    await expect(outcome).rejects.toThrow(Fault);
    await thread.close();
  });

  it('rejects what it is given after its end', async () => {
    const thread = new WriterThread(path, settle);
    await thread.close();
    const { one, outcome } = waiting(turns('run:a', null, 1));
    thread.write([one]);
    await expect(outcome).rejects.toThrow('the writer has ended');
  });
});
