import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bytesDigest } from '@chancery/kernel/encoding';
import { RefusalError, type RefusalCode } from '@chancery/kernel/refusal';
import { genesis, pruningBatch, startChild, turns } from '@chancery/testkit/store-suite';
import { openSqliteStore, readSqliteStore } from './store.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'store-sqlite-'));
  path = join(folder, 'ledger.db');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function refusalOf(act: () => unknown): Promise<RefusalCode | 'not refused'> {
  try {
    await act();
  } catch (error) {
    if (error instanceof RefusalError) return error.refusal.code;
    throw error;
  }
  return 'not refused';
}

const large = new Uint8Array(50_000).fill(9);
const blob = { digest: bytesDigest(large), bytes: large, mediaType: 'text/plain' };

async function makeLedger(): Promise<void> {
  const store = openSqliteStore({ path, create: true });
  await store.append(genesis);
  await store.append({ ...turns('run:a', null, 200), blobs: [blob] });
  await store.close();
}

/** Changes the file behind the back of the store. */
function meddle(sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

describe('opening a ledger file', () => {
  it('makes it readable by its user only, whatever the umask', async () => {
    const before = process.umask(0);
    try {
      const store = openSqliteStore({ path, create: true });
      await store.append(genesis);
      const modes = ['', '-wal', '-shm'].map((end) => statSync(path + end).mode & 0o777);
      expect(modes).toEqual([0o600, 0o600, 0o600]);
      await store.close();
    } finally {
      process.umask(before);
    }
    chmodSync(path, 0o644);
    await openSqliteStore({ path }).close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('does not found a ledger unasked', async () => {
    expect(await refusalOf(() => openSqliteStore({ path }))).toBe('ledger.missing');
    expect(await refusalOf(() => readSqliteStore(path))).toBe('ledger.missing');
    writeFileSync(path, '');
    expect(await refusalOf(() => openSqliteStore({ path }))).toBe('ledger.missing');
    expect(await refusalOf(() => readSqliteStore(path))).toBe('ledger.missing');
  });

  it('refuses a folder that is not there', async () => {
    const lost = join(folder, 'lost', 'ledger.db');
    expect(await refusalOf(() => openSqliteStore({ path: lost, create: true }))).toBe(
      'ledger.unreachable',
    );
    expect(await refusalOf(() => readSqliteStore(lost))).toBe('ledger.unreachable');
  });

  it('refuses what is not a database', async () => {
    writeFileSync(path, 'not a database, however long it is looked at\n'.repeat(100));
    expect(await refusalOf(() => openSqliteStore({ path }))).toBe('ledger.corrupt');
    rmSync(path);
    mkdirSync(path);
    expect(await refusalOf(() => openSqliteStore({ path, create: true }))).toBe('ledger.corrupt');
    rmSync(path, { recursive: true });
    meddle('CREATE TABLE other (a)');
    expect(await refusalOf(() => openSqliteStore({ path, create: true }))).toBe('ledger.corrupt');
  });

  it('refuses a later format, before it looks at anything else', async () => {
    await makeLedger();
    meddle('PRAGMA user_version = 3; CREATE TABLE later (a)');
    expect(await refusalOf(() => openSqliteStore({ path }))).toBe('ledger.newer');
    expect(await refusalOf(() => readSqliteStore(path))).toBe('ledger.newer');
  });

  it('refuses a ledger whose triggers were removed', async () => {
    await makeLedger();
    meddle('DROP TRIGGER entries_refuse_update');
    expect(await refusalOf(() => openSqliteStore({ path }))).toBe('ledger.corrupt');
  });

  it('refuses a file that was cut short, at once or when the missing part is read', async () => {
    await makeLedger();
    const whole = statSync(path).size;
    const copy = join(folder, 'whole.db');
    copyFileSync(path, copy);
    for (const part of [0.1, 0.5, 0.9]) {
      copyFileSync(copy, path);
      truncateSync(path, Math.floor(whole * part));
      const read = async (): Promise<void> => {
        const store = openSqliteStore({ path });
        try {
          await store.readAll(0, 1_000);
          await store.blob(blob.digest);
        } finally {
          await store.close();
        }
      };
      expect(await refusalOf(read)).toBe('ledger.corrupt');
    }
  });
});

describe('a ledger in SQLite', () => {
  it('is append-only by trigger', async () => {
    await makeLedger();
    const database = new DatabaseSync(path);
    for (const table of ['entries', 'streams', 'blobs']) {
      const column = { entries: 'text', streams: 'name', blobs: 'bytes' }[table] ?? '';
      const update = `UPDATE ${table} SET ${column} = ${column}`;
      expect(() => database.exec(update)).toThrow('a ledger is append-only');
      expect(() => database.exec(`DELETE FROM ${table}`)).toThrow('a ledger is append-only');
    }
    database.close();
  });

  it('does not give out a blob whose bytes were changed', async () => {
    await makeLedger();
    const database = new DatabaseSync(path);
    const sql = "SELECT sql FROM sqlite_schema WHERE name = 'blobs_refuse_update'";
    const trigger = String(database.prepare(sql).get()?.['sql']);
    database.exec('DROP TRIGGER blobs_refuse_update; UPDATE blobs SET bytes = zeroblob(50000)');
    database.exec(trigger);
    database.close();
    const store = openSqliteStore({ path });
    expect(await refusalOf(() => store.blob(blob.digest))).toBe('ledger.corrupt');
    await store.close();
  });

  it('can be read by another while it is written, and tells it of what is new', async () => {
    await makeLedger();
    const writer = openSqliteStore({ path });
    const reader = readSqliteStore(path);
    const called = Promise.withResolvers<undefined>();
    const stop = reader.subscribe(() => called.resolve(undefined));
    await writer.append(turns('run:b', null, 1));
    await called.promise;
    stop();
    expect(await reader.head('run:b')).toEqual(await writer.head('run:b'));
    expect(await refusalOf(() => reader.append(turns('run:c', null, 1)))).toBe('ledger.busy');
    await reader.close();
    await writer.close();
  });

  it('survives that the file breaks while it is watched, and says so to whoever reads', async () => {
    await makeLedger();
    const reader = readSqliteStore(path);
    const called = Promise.withResolvers<undefined>();
    const stop = reader.subscribe(() => called.resolve(undefined));
    for (const end of ['', '-wal', '-shm']) {
      writeFileSync(path + end, Buffer.alloc(statSync(path + end).size, 7), { flag: 'r+' });
    }
    await called.promise;
    stop();
    expect(await refusalOf(() => reader.readAll(0, 1_000))).toBe('ledger.corrupt');
    await reader.close();
  });

  it('does not believe its memory when somebody else has written', async () => {
    await makeLedger();
    const one = openSqliteStore({ path });
    const other = openSqliteStore({ path });
    const batch = turns('run:b', null, 1);
    await one.append(turns('run:c', null, 1));
    expect(await one.head('run:b')).toBeNull();
    expect((await other.append(batch)).kind).toBe('appended');
    expect((await one.append(batch)).kind).toBe('conflict');
    expect(await one.head('run:b')).toEqual(await other.head('run:b'));
    expect(await one.append(turns('run:d', null, 1))).toEqual({ kind: 'appended', position: 203 });
    await one.close();
    await other.close();
  });

  it('refuses the whole group that the disk did not take, and all after it until opened anew', async () => {
    await makeLedger();
    const { acknowledged, refused } = await writeUntilFull(2);
    expect(refused).toEqual(['ledger.unreachable ledger.unreachable', 'ledger.unreachable']);
    await hasAll(acknowledged);
  });

  it('refuses what its thread cannot write, and all after it until opened anew', async () => {
    await makeLedger();
    const { acknowledged, refused } = await writeUntilFull(64);
    expect(new Set(refused.join(' ').split(' '))).toEqual(new Set(['ledger.unreachable']));
    await hasAll(acknowledged);
  });
});

/** Streams whose batch was acknowledged before the disk was full, and how others were refused. */
async function writeUntilFull(
  lanes: number,
): Promise<{ readonly acknowledged: readonly string[]; readonly refused: readonly string[] }> {
  // The child may write files of so many blocks of 512 bytes at most; a longer one is an error.
  const blocks = lanes * 300;
  const child = startChild(`
import { spawnSync } from 'node:child_process';
process.exitCode = spawnSync('bash', ['-c', "trap '' XFSZ; ulimit -S -f ${blocks}; exec \\"$0\\" \\"$@\\"",
  process.execPath, '--input-type=module-typescript', '--eval', ${JSON.stringify(diskFullWriter(lanes))}],
  { stdio: 'inherit' }).status ?? 1;
`);
  expect(await child.ended()).toBe(0);
  const acknowledged = child.lines.filter((line) => line.startsWith('run:'));
  expect(acknowledged.length).toBeGreaterThan(0);
  expect(child.lines.at(-1)).toBe('appended');
  return { acknowledged, refused: child.lines.slice(acknowledged.length, -1) };
}

async function hasAll(streams: readonly string[]): Promise<void> {
  const store = openSqliteStore({ path });
  for (const head of await store.heads(streams)) expect(head?.seq).toBe(19);
  expect((await store.append(turns('run:after', null, 1))).kind).toBe('appended');
  await store.close();
}

/** Writes in rounds of `lanes` batches until one is refused, tells how, and opens the ledger anew. */
function diskFullWriter(lanes: number): string {
  return `
import { spawnSync } from 'node:child_process';
import { openSqliteStore } from '${import.meta.resolve('./store.ts')}';
import { turns } from '@chancery/testkit/store-suite';
const store = openSqliteStore({ path: ${JSON.stringify(path)} });
const write = (stream) => store.append(turns(stream, null, 20)).then(
  ({ kind }) => kind, (error) => error.refusal.code);
for (let round = 0; ; round += 1) {
  const streams = Array.from({ length: ${lanes} }, (_, lane) => 'run:' + lane + '-' + round);
  const kinds = await Promise.all(streams.map(write));
  for (const [lane, kind] of kinds.entries()) if (kind === 'appended') console.log(streams[lane]);
  const refused = kinds.filter((kind) => kind !== 'appended');
  if (refused.length > 0) { console.log(refused.join(' ')); break; }
}
spawnSync('prlimit', ['--pid=' + process.pid, '--fsize=unlimited:']);
console.log(await write('run:later'));
await store.close();
const again = openSqliteStore({ path: ${JSON.stringify(path)} });
console.log((await again.append(turns('run:later', null, 20))).kind);
`;
}

describe('pruning', () => {
  it('leaves none of the bytes in the files', async () => {
    const bytes = new TextEncoder().encode('never to be found again '.repeat(2_000));
    const secret = { digest: bytesDigest(bytes), bytes, mediaType: 'text/plain' };
    const store = openSqliteStore({ path, create: true });
    await store.append(genesis);
    await store.append({ ...turns('run:a', null, 1), blobs: [secret] });
    await store.append(pruningBatch([secret.digest]));
    await store.close();
    const left = readdirSync(folder).filter((name) =>
      readFileSync(join(folder, name)).includes('never to be found'),
    );
    expect(left).toEqual([]);
  });

  it('is what a deletion by hand is not', async () => {
    await makeLedger();
    expect(() => meddle('DELETE FROM blobs')).toThrow('append-only');
    const store = openSqliteStore({ path });
    await store.append(pruningBatch(['a'.repeat(64)]));
    await store.close();
    expect(() => meddle('DELETE FROM blobs')).toThrow('append-only');
  });
});

describe('a file of the first format', () => {
  const before = `DROP TRIGGER blobs_refuse_delete;
CREATE TRIGGER blobs_refuse_delete BEFORE DELETE ON blobs
BEGIN
  SELECT RAISE(ABORT, 'a ledger is append-only');
END;
PRAGMA user_version = 1`;

  it('is read as it is, and brought to this one by whoever writes', async () => {
    await makeLedger();
    meddle(before);
    const reader = readSqliteStore(path);
    expect(await reader.blob(blob.digest)).toEqual(large);
    await reader.close();
    const store = openSqliteStore({ path });
    await store.append(pruningBatch([blob.digest]));
    expect(await store.blob(blob.digest)).toBeUndefined();
    await store.close();
    await readSqliteStore(path).close();
  });

  it('is corrupt when it has the triggers of another', async () => {
    await makeLedger();
    meddle('PRAGMA user_version = 1');
    expect(await refusalOf(() => readSqliteStore(path))).toBe('ledger.corrupt');
  });
});
