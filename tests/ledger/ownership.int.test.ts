import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SharedLedger } from '@chancery/adapters/owner-socket';
import type { Head } from '@chancery/kernel/ledger';
import { RefusalError, type RefusalCode } from '@chancery/kernel/refusal';
import {
  flawsOf,
  genesis,
  headAfter,
  readHistory,
  startChild,
  turns,
  type Child,
} from '@chancery/testkit/store-suite';
import { dropFolder, makeFolder, openShared, programIn } from './processes.ts';

let folder: string;

beforeEach(() => {
  folder = makeFolder();
});

afterEach(() => {
  dropFolder(folder);
});

async function refusalOf(promise: Promise<unknown>): Promise<RefusalCode | 'not refused'> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof RefusalError) return error.refusal.code;
    throw error;
  }
  return 'not refused';
}

/** A process that owns the ledger and does nothing but serve, once it has said so. */
async function startOwner(): Promise<Child> {
  const owner = startChild(
    programIn(
      folder,
      `await ledger.append(suite.genesis);
console.log(ledger.role);
setInterval(() => {}, 1_000);`,
    ),
  );
  await owner.said(1);
  expect(owner.lines).toEqual(['owner']);
  return owner;
}

/** Appends one entry after another to a stream until told to stop; how many were acknowledged. */
async function appendUntil(
  ledger: SharedLedger,
  stream: string,
  isOver: () => boolean,
): Promise<number> {
  let head: Head | null = null;
  while (!isOver()) {
    const batch = turns(stream, head, 2);
    // Nobody else writes this stream: a conflict would be with an append of our own.
    expect((await ledger.append(batch)).kind).toBe('appended');
    head = headAfter(batch, stream);
  }
  return head === null ? 0 : head.seq + 1;
}

describe('ownership of a ledger', () => {
  it('goes to the first, and to the next when the first has gone', async () => {
    const first = await openShared(folder);
    const second = await openShared(folder);
    const third = await openShared(folder);
    expect([first.role, second.role, third.role]).toEqual(['owner', 'guest', 'guest']);
    await second.append(genesis);
    await first.close();
    await second.append(turns('run:a', null, 1));
    await third.append(turns('run:b', null, 1));
    expect([second.role, third.role]).toEqual(['owner', 'guest']);
    expect(await second.readAll(0, 9)).toEqual(await third.readAll(0, 9));
    await third.close();
    await second.close();
  });

  it('is never stale: a process that was killed has none', async () => {
    const owner = await startOwner();
    await owner.kill();
    const next = await openShared(folder);
    expect(next.role).toBe('owner');
    expect((await next.append(turns('run:a', null, 1))).kind).toBe('appended');
    await next.close();
  });

  it('is with one of several processes that race for it, and all of them write', async () => {
    const writers = Array.from({ length: 4 }, (_, number) =>
      startChild(
        programIn(
          folder,
          `await ledger.append(suite.genesis);
console.log(ledger.role);
process.stdin.resume();
await new Promise((resolve) => process.stdin.once('data', resolve));
for (let written = 0; written < 25; ) {
  const head = await ledger.head('run:shared');
  const batch = suite.turns('run:shared', head, 1 + ${number});
  if ((await ledger.append(batch)).kind === 'appended') written += 1;
}
await ledger.close();
process.exit(0);`,
        ),
      ),
    );
    await Promise.all(writers.map((writer) => writer.said(1)));
    expect(writers.flatMap(({ lines }) => lines).sort()).toEqual([
      'guest',
      'guest',
      'guest',
      'owner',
    ]);
    for (const writer of writers) writer.process.stdin.write('go\n');
    expect(await Promise.all(writers.map((writer) => writer.ended()))).toEqual([0, 0, 0, 0]);
    const ledger = await openShared(folder);
    const history = await readHistory(ledger);
    await ledger.close();
    expect(history.length).toBe(1 + 25 * (1 + 2 + 3 + 4));
    expect(flawsOf(history)).toEqual([]);
  });

  it('tells guests of what the owner writes, also when it is another', async () => {
    const owner = await openShared(folder);
    await owner.append(genesis);
    const guest = await openShared(folder);
    let called = Promise.withResolvers<undefined>();
    guest.subscribe(() => called.resolve(undefined));
    await owner.append(turns('run:a', null, 1));
    await called.promise;
    await owner.close();
    await guest.append(turns('run:b', null, 1));
    expect(guest.role).toBe('owner');
    called = Promise.withResolvers<undefined>();
    await guest.append(turns('run:c', null, 1));
    await called.promise;
    await guest.close();
  });
});

describe('an owner that is killed while guests write', () => {
  it('loses nothing that was acknowledged, and nothing is written twice', async () => {
    for (let round = 0; round < 10; round += 1) {
      const owner = await startOwner();
      const guest = await openShared(folder);
      let isOver = false;
      const streams = Array.from({ length: 8 }, (_, lane) => `run:${round}.${lane}`);
      const writing = streams.map((stream) => appendUntil(guest, stream, () => isOver));
      await new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * 60));
      expect(guest.role).toBe('guest');
      await owner.kill();
      await new Promise((resolve) => setTimeout(resolve, 60));
      isOver = true;
      const written = await Promise.all(writing);
      expect(guest.role).toBe('owner');
      const heads = await Promise.all(streams.map((stream) => guest.head(stream)));
      expect(heads.map((head) => (head?.seq ?? -1) + 1)).toEqual(written);
      expect(flawsOf(await readHistory(guest))).toEqual([]);
      await guest.close();
    }
  });
});

describe('an owner that hangs', () => {
  it('can be read beside, and is busy to those who write', async () => {
    const owner = await startOwner();
    const guest = await openShared(folder, 300);
    await guest.append(turns('run:a', null, 1));
    owner.process.kill('SIGSTOP');
    expect(await refusalOf(guest.append(turns('run:b', null, 1)))).toBe('ledger.busy');
    expect((await guest.head('run:a'))?.seq).toBe(0);
    const late = await openShared(folder, 300);
    expect(await refusalOf(late.append(turns('run:c', null, 1)))).toBe('ledger.busy');
    owner.process.kill('SIGCONT');
    expect((await guest.append(turns('run:d', null, 1))).kind).toBe('appended');
    await late.close();
    await guest.close();
    await owner.kill();
  });
});

describe('the socket of an owner', () => {
  it('is for its user only', async () => {
    mkdirSync(join(folder, 'owner'), { mode: 0o755 });
    chmodSync(join(folder, 'owner'), 0o755);
    const owner = await openShared(folder);
    const socket = readFileSync(join(folder, 'owner', 'address'), 'utf8');
    expect(socket).toBe(join(folder, 'owner', 'socket'));
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(socket)).mode & 0o777).toBe(0o700);
    await owner.close();
  });

  it('stands in a private folder of its own where its path would be too long', async () => {
    const deep = join(folder, 'x'.repeat(60), 'y'.repeat(60));
    mkdirSync(deep, { recursive: true });
    const owner = await openShared(deep);
    const guest = await openShared(deep);
    await guest.append(genesis);
    const socket = readFileSync(join(deep, 'owner', 'address'), 'utf8');
    expect(Buffer.byteLength(socket)).toBeLessThan(104);
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(socket)).mode & 0o777).toBe(0o700);
    expect(await guest.readAll(0, 9)).toEqual(await owner.readAll(0, 9));
    await guest.close();
    await owner.close();
    expect(statSync(dirname(socket), { throwIfNoEntry: false })).toBeUndefined();
  });

  it('hangs up on who speaks another language, and goes on serving', async () => {
    const owner = await openShared(folder);
    const guest = await openShared(folder);
    await guest.append(genesis);
    const path = readFileSync(join(folder, 'owner', 'address'), 'utf8');
    const frame = (text: string): Buffer => {
      const head = Buffer.alloc(4);
      head.writeUInt32BE(text.length);
      return Buffer.concat([head, Buffer.from(text)]);
    };
    const nonsense = [
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
      frame('{'),
      frame('{"id":1,"entries":[],"writes":[],"reads":[]}'),
      frame('{"id":1,"entries":[],"writes":[],"reads":[],"blobs":[],"more":1}'),
      Buffer.from([0, 0, 0, 1, 0xff]),
    ];
    for (const bytes of nonsense) {
      const stranger = connect(path);
      stranger.write(bytes);
      stranger.resume();
      await once(stranger, 'close');
    }
    expect((await guest.append(turns('run:a', null, 1))).kind).toBe('appended');
    await guest.close();
    await owner.close();
  });

  it('checks what guests have sealed', async () => {
    const owner = await openShared(folder);
    const guest = await openShared(folder);
    await guest.append(genesis);
    const batch = turns('run:a', null, 1);
    const forged = batch.entries.map((sealed) => ({
      ...sealed,
      text: sealed.text.replace('"turn":0', '"turn":"none"'),
    }));
    expect(await refusalOf(guest.append({ ...batch, entries: forged }))).toBe('entry.invalid');
    const unmarked = turns('run:a', null, 2);
    const half = { ...unmarked, entries: unmarked.entries.slice(0, 1) };
    expect(await refusalOf(guest.append(half))).toBe('entry.invalid');
    expect(await owner.head('run:a')).toBeNull();
    await guest.close();
    await owner.close();
  });
});

describe('a folder that cannot be owned', () => {
  it('is refused when it is not there', async () => {
    expect(await refusalOf(openShared(join(folder, 'lost')))).toBe('ledger.unreachable');
  });

  it('is refused when its lock is not one, and is left as it was', async () => {
    mkdirSync(join(folder, 'owner'));
    writeFileSync(join(folder, 'owner', 'lock.db'), 'no lock\n'.repeat(200));
    expect(await refusalOf(openShared(folder))).toBe('ledger.unreachable');
  });

  it('gives the lock back when the ledger does not open', async () => {
    writeFileSync(join(folder, 'ledger.db'), 'no ledger\n'.repeat(200));
    expect(await refusalOf(openShared(folder))).toBe('ledger.corrupt');
    expect(await refusalOf(openShared(folder))).toBe('ledger.corrupt');
    writeFileSync(join(folder, 'ledger.db'), '');
    const ledger = await openShared(folder);
    expect(ledger.role).toBe('owner');
    await ledger.close();
  });
});
