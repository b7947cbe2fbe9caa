import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSqliteStore } from '@chancery/adapters/store-sqlite';
import { tilesFolder } from '@chancery/adapters/tiles-folder';
import { ed25519Signer, signerOf } from '@chancery/kernel/encoding';
import { type LedgerStore } from '@chancery/kernel/ledger';
import { verifyConsistency } from '@chancery/kernel/tree';
import {
  integrate,
  latestCheckpoint,
  openSigned,
  proveGrowth,
  type SignedCheckpoint,
} from '@chancery/runtime/transparency';
import { genesis, ledgerId, startChild, turns, type Child } from '@chancery/testkit/store-suite';

const seed = 3;
const signer = signerOf(ed25519Signer(new Uint8Array(32).fill(seed)));

let base: string;
let store: LedgerStore;
let children: Child[];

beforeEach(async () => {
  base = mkdtempSync(join(tmpdir(), 'leaders-'));
  children = [];
  writeFileSync(join(base, 'events'), '');
  store = openSqliteStore({ path: join(base, 'ledger.db'), create: true });
  await store.append(genesis);
});

afterEach(async () => {
  for (const child of children) await child.kill();
  await store.close();
  rmSync(base, { recursive: true });
});

/**
 * A process that keeps the tree up to date until a line comes in. Tells what it does, with its
 * process id, in a file that all of them append to, and in its lines.
 */
function startKeeper(): Child {
  const child = startChild(`
import { appendFileSync } from 'node:fs';
import { runLocks } from '@chancery/adapters/run-locks';
import { readSqliteStore } from '@chancery/adapters/store-sqlite';
import { tilesFolder } from '@chancery/adapters/tiles-folder';
import { ed25519Signer, signerOf } from '@chancery/kernel/encoding';
import { keepIntegrated } from '@chancery/runtime/transparency';
const base = ${JSON.stringify(base)};
const tell = (what) => {
  appendFileSync(base + '/events', process.pid + ' ' + what + '\\n');
  console.log(what);
};
const tiles = tilesFolder(base + '/tiles');
const stop = new AbortController();
process.stdin.once('data', () => stop.abort());
await keepIntegrated({
  store: readSqliteStore(base + '/ledger.db'),
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
      const lock = await runLocks(base + '/locks').acquire('tree');
      if (!lock.ok) return undefined;
      tell('has');
      return { isHeld: async () => true, release: () => (tell('gives'), lock.value()) };
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

it('one of many keeps the tree, and another goes on where it is killed, to the same tree', async () => {
  const killed = new Set<number>();
  let other = startKeeper();
  for (const instant of [1, 3, 5, 12, 20]) {
    const leader = startKeeper();
    const from = leader.lines.length;
    const growing = setInterval(() => void append(7 + instant), 4);
    await leader.said(from + instant);
    leader.process.kill('SIGKILL');
    killed.add(leader.process.pid ?? 0);
    clearInterval(growing);
    if (instant !== 5) continue;
    await stopKeeper(other);
    other = startKeeper();
  }
  await append(3);
  await stopKeeper(other);
  expect(intrusions(killed)).toEqual([]);

  const single = { store, ledger: ledgerId, tiles: tilesFolder(join(base, 'single')) };
  const once = await integrate(single, signer);
  const shared = { ...single, tiles: tilesFolder(join(base, 'tiles')) };
  const latest = await latestCheckpoint(shared.tiles, ledgerId, [signer.id]);
  expect(latest).toEqual(once);
  const kept = filesOf(join(base, 'tiles'));
  for (const [path, bytes] of filesOf(join(base, 'single'))) {
    expect([path, kept.get(path)?.equals(bytes)]).toEqual([path, true]);
  }
  const told = checkpoints();
  expect(told.length).toBeGreaterThan(5);
  let before = 1;
  for (const { checkpoint } of told) {
    expect(checkpoint.size).toBeGreaterThanOrEqual(before);
    before = checkpoint.size;
    const proof = await proveGrowth(single, once, checkpoint.size);
    expect(verifyConsistency(proof, checkpoint.root, once.checkpoint.root)).toBeUndefined();
  }
}, 240_000);
