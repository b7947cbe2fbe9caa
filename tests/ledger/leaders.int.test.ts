import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { migratePostgres, openPostgresStore } from '@chancery/adapters/store-postgres';
import { openSqliteStore } from '@chancery/adapters/store-sqlite';
import { tilesFolder } from '@chancery/adapters/tiles-folder';
import { ed25519Signer, signerOf } from '@chancery/kernel/encoding';
import type { LedgerStore } from '@chancery/kernel/ledger';
import { verifyConsistency } from '@chancery/kernel/tree';
import {
  integrate,
  latestCheckpoint,
  openSigned,
  proveGrowth,
  type SignedCheckpoint,
} from '@chancery/runtime/transparency';
import { startPostgres, type PostgresServer } from '@chancery/testkit/postgres-server';
import { genesis, ledgerId, startChild, turns, type Child } from '@chancery/testkit/store-suite';

const seed = 3;
const signer = signerOf(ed25519Signer(new Uint8Array(32).fill(seed)));

/** A ledger that several processes use, with the lease that a home of it has, as their sources. */
interface Place {
  readonly imports: string;
  readonly store: string;
  readonly lease: string;
}

let base: string;
let store: LedgerStore;
let children: Child[];
let place: Place;

function begin(): void {
  base = mkdtempSync(join(tmpdir(), 'leaders-'));
  children = [];
  writeFileSync(join(base, 'events'), '');
}

async function onFile(): Promise<void> {
  begin();
  const path = join(base, 'ledger.db');
  store = openSqliteStore({ path, create: true });
  place = {
    imports: `
import { treeLease } from '@chancery/adapters/locks-folder';
import { readSqliteStore } from '@chancery/adapters/store-sqlite';`,
    store: `readSqliteStore(${JSON.stringify(path)})`,
    lease: `treeLease(${JSON.stringify(join(base, 'locks'))})`,
  };
  await store.append(genesis);
}

async function onPostgres(server: PostgresServer): Promise<void> {
  begin();
  const address = { url: server.url, ledger: randomUUID() };
  await migratePostgres({ url: server.url });
  store = await openPostgresStore({ ...address, create: true });
  place = {
    imports: `
import { openPostgresStore, postgresTreeLease } from '@chancery/adapters/store-postgres';`,
    store: `await openPostgresStore(${JSON.stringify(address)})`,
    lease: `postgresTreeLease(${JSON.stringify(address)})`,
  };
  await store.append(genesis);
}

afterEach(async () => {
  for (const child of children) await child.kill();
  await store.close();
  rmSync(base, { recursive: true });
});

/**
 * A process that keeps the tree up to date until a line comes in. Tells what it does, with its
 * process id, in a file that all of them append to, and in its lines. Its home has tiles of its own.
 */
function startKeeper(home = 'tiles'): Child {
  const child = startChild(`
import { appendFileSync } from 'node:fs';
${place.imports}
import { tilesFolder } from '@chancery/adapters/tiles-folder';
import { ed25519Signer, signerOf } from '@chancery/kernel/encoding';
import { keepIntegrated } from '@chancery/runtime/transparency';
const base = ${JSON.stringify(base)};
const tell = (what) => {
  appendFileSync(base + '/events', process.pid + ' ' + what + '\\n');
  console.log(what);
};
const tiles = tilesFolder(base + '/${home}');
const lease = ${place.lease};
const stop = new AbortController();
process.stdin.once('data', () => stop.abort());
await keepIntegrated({
  store: ${place.store},
  ledger: ${JSON.stringify(ledgerId)},
  tiles: {
    read: (path) => tiles.read(path),
    write: async (path, bytes) => {
      tell('writes ' + path);
      await tiles.write(path, bytes);
      tell('wrote ' + (path === 'checkpoint' ? Buffer.from(bytes).toString('base64') : path));
    },
  },
  lease: {
    acquire: async () => {
      const held = await lease.acquire();
      if (held === undefined) return undefined;
      tell('has');
      return { isHeld: () => held.isHeld(), release: () => (tell('gives'), held.release()) };
    },
  },
  signer: signerOf(ed25519Signer(new Uint8Array(32).fill(${seed}))),
  signal: stop.signal,
  everyMs: 8,
  everyEntries: 100,
});
process.exit(0);
`);
  children.push(child);
  return child;
}

async function stopKeeper(child: Child): Promise<void> {
  child.process.stdin.write('stop\n');
  expect(await child.ended()).toBe(0);
}

async function append(entries: number): Promise<void> {
  await store.append(turns('run:a', await store.head('run:a'), entries));
}

const eventsOf = (): string[][] =>
  readFileSync(join(base, 'events'), 'utf8')
    .split('\n')
    .map((line) => line.split(' '));

/** Every moment at which one did something while another had the lease and was alive. */
function intrusions(killed: ReadonlySet<number>): string[] {
  const found: string[] = [];
  let holder: string | undefined;
  for (const [pid = '', what = ''] of eventsOf()) {
    if (what === 'has') {
      if (holder !== undefined && !killed.has(Number(holder)))
        found.push(`${pid} beside ${holder}`);
      holder = pid;
    } else if (what !== '' && pid !== holder) found.push(`${pid} ${what} without the lease`);
    if (what === 'gives') holder = undefined;
  }
  return found;
}

function checkpoints(): SignedCheckpoint[] {
  return eventsOf()
    .filter(([, what, of = '']) => what === 'wrote' && !of.startsWith('tile/'))
    .map(([, , note = '']) => Buffer.from(note, 'base64').toString())
    .map((note) => openSigned(note, ledgerId, [signer.id]));
}

function filesOf(folder: string): Map<string, Buffer> {
  const all = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = all.filter((name) => name.isFile() && !name.name.endsWith('.new'));
  const paths = files.map((name) => join(name.parentPath, name.name)).sort();
  return new Map(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path)]));
}

/** The tree of a home is the one that all entries have, and has the files that one growth makes. */
async function isWhole(home: string): Promise<SignedCheckpoint> {
  const single = { store, ledger: ledgerId, tiles: tilesFolder(join(base, 'single')) };
  const once = await integrate(single, signer);
  const tiles = tilesFolder(join(base, home));
  expect(await latestCheckpoint(tiles, ledgerId, [signer.id])).toEqual(once);
  const kept = filesOf(join(base, home));
  for (const [path, bytes] of filesOf(join(base, 'single'))) {
    expect([path, kept.get(path)?.equals(bytes)]).toEqual([path, true]);
  }
  return once;
}

/** Every head that was signed is one that the last has grown out of. */
async function areConsistent(once: SignedCheckpoint, told: readonly SignedCheckpoint[]) {
  const single = { store, ledger: ledgerId, tiles: tilesFolder(join(base, 'single')) };
  expect(told.length).toBeGreaterThan(5);
  for (const { checkpoint } of told) {
    const proof = await proveGrowth(single, once, checkpoint.size);
    expect(verifyConsistency(proof, checkpoint.root, once.checkpoint.root)).toBeUndefined();
  }
}

/** Kills one leader after the other while the ledger grows; `homes` are theirs in turn. */
async function killLeaders(homes: readonly string[]): Promise<void> {
  const killed = new Set<number>();
  const others = new Map(homes.map((home) => [home, startKeeper(home)]));
  for (const [at, instant] of [1, 3, 5, 12, 20].entries()) {
    const home = homes[at % homes.length];
    const leader = startKeeper(home);
    const from = leader.lines.length;
    const growing = setInterval(() => void append(7 + instant), 4);
    await leader.said(from + instant);
    leader.process.kill('SIGKILL');
    killed.add(leader.process.pid ?? 0);
    clearInterval(growing);
    if (instant !== 5) continue;
    for (const [of, other] of others) {
      await stopKeeper(other);
      others.set(of, startKeeper(of));
    }
  }
  await append(3);
  for (const other of others.values()) await stopKeeper(other);
  expect(intrusions(killed)).toEqual([]);
}

describe('of the processes of one home', () => {
  beforeEach(onFile);

  it('one keeps the tree, and another goes on where it is killed, to the same tree', async () => {
    await killLeaders(['tiles']);
    const once = await isWhole('tiles');
    const told = checkpoints();
    await areConsistent(once, told);
    const sizes = told.map(({ checkpoint }) => checkpoint.size);
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
  }, 240_000);
});

describe('of the homes of one database', () => {
  let server: PostgresServer | undefined;

  beforeAll(async () => {
    server = await startPostgres();
  });

  afterAll(() => server?.dispose());

  beforeEach(async () => {
    if (server === undefined) throw new Error('there is no PostgreSQL to test with');
    await onPostgres(server);
  });

  it('one signs at a time, each with tiles of its own, and all come to the same tree', async () => {
    await killLeaders(['one', 'two']);
    const once = await isWhole('one');
    expect(await isWhole('two')).toEqual(once);
    await areConsistent(once, checkpoints());
  }, 240_000);
});
