import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import { tilesFolder } from '@chancery/adapters/tiles-folder';
import { ed25519Signer, leafDigest, signerOf } from '@chancery/kernel/encoding';
import { RefusalError } from '@chancery/kernel/refusal';
import { readEntry, type SealedEntry } from '@chancery/kernel/ledger';
import {
  bundlePath,
  bundlesBetween,
  checkCompleteness,
  decodeBundle,
  emptyFrontier,
  grow,
  headOf,
  rootOf,
  verifyConsistency,
  verifyHead,
  verifyInclusion,
} from '@chancery/kernel/tree';
import {
  integrate,
  Integration,
  latestCheckpoint,
  proveEntry,
  proveGrowth,
  proveStream,
  proveStreams,
  type LogOptions,
  type SignedCheckpoint,
  type TileStore,
} from '@chancery/runtime/transparency';
import { genesis, headAfter, ledgerId, turns } from '@chancery/testkit/store-suite';

const signer = signerOf(ed25519Signer(new Uint8Array(32).fill(3)));

let folder: string;
let store: MemoryStore;
let options: LogOptions;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'log-'));
  store = new MemoryStore();
  await store.append(genesis);
  options = { store, tiles: tilesFolder(folder), ledger: ledgerId };
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Appends to a stream, in batches of at most 40. */
async function append(stream: string, entries: number): Promise<void> {
  for (let left = entries; left > 0; left -= 40) {
    await store.append(turns(stream, await store.head(stream), Math.min(40, left)));
  }
}

async function texts(): Promise<string[]> {
  return (await store.readAll(0, 100_000)).map(({ text }) => text);
}

async function entriesOf(stream: string): Promise<SealedEntry[]> {
  const stored = await store.read(stream, 0, 1_000);
  return stored.map(readEntry).flatMap((read) => (read.ok ? [read.value] : []));
}

/** Everything in the folder, by path. */
function files(of = folder): Map<string, string> {
  const names = readdirSync(of, { recursive: true, withFileTypes: true });
  return new Map(
    names
      .filter((name) => name.isFile())
      .map((name) => join(name.parentPath, name.name))
      .map((file) => [file.slice(of.length + 1), readFileSync(file, 'base64')] as const)
      .sort(),
  );
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'done',
    (error: unknown) => {
      if (error instanceof RefusalError) return error.refusal.code;
      throw error;
    },
  );
}

describe('the log of a ledger', () => {
  it('grows from checkpoint to checkpoint, each consistent with those before', async () => {
    const seen: SignedCheckpoint[] = [];
    for (const more of [0, 3, 250, 1, 1, 300, 512, 1_300]) {
      if (more > 0) await append(`run:${more}`, more);
      const signed = await integrate(options, signer);
      const leaves = (await texts()).map(leafDigest);
      const { size, root } = signed.checkpoint;
      expect([size, root]).toEqual([leaves.length, rootOf(grow(emptyFrontier, leaves))]);
      for (const { checkpoint } of seen) {
        const proof = await proveGrowth(options, signed, checkpoint.size);
        expect(verifyConsistency(proof, checkpoint.root, root)).toBeUndefined();
      }
      seen.push(signed);
    }
    const [latest] = seen.slice(-1);
    if (latest === undefined) throw new Error('nothing was seen');
    for (const { checkpoint: older } of seen) {
      for (const { checkpoint: newer } of seen.filter(
        ({ checkpoint: { size } }) => size >= older.size,
      )) {
        const proof = await proveGrowth(options, latest, older.size, newer.size);
        expect(verifyConsistency(proof, older.root, newer.root)).toBeUndefined();
      }
    }
    expect(await latestCheckpoint(options.tiles, ledgerId, [signer.id])).toEqual(latest);
    expect(await integrate(options, signer)).toEqual(seen.at(-1));
  });

  it('proves each entry, and serves it in a bundle', async () => {
    await append('run:a', 600);
    const signed = await integrate(options, signer);
    const { size, root } = signed.checkpoint;
    for (const position of [0, 1, 255, 256, 300, 600]) {
      const { entry, leaf, inclusion } = await proveEntry(options, signed, position);
      expect(entry.position).toBe(position);
      expect(verifyInclusion(inclusion, leaf, root)).toBeUndefined();
    }
    const served: string[] = [];
    for (const place of bundlesBetween(0, size)) {
      const bytes = await options.tiles.read(bundlePath(place));
      const bundle = decodeBundle(bytes ?? new Uint8Array(), place);
      if (bundle.ok) served.push(...bundle.value);
    }
    expect(served).toEqual(await texts());
    await append('run:a', 1);
    expect(await codeOf(proveEntry(options, signed, size))).toBe('proof.unavailable');
    expect(await codeOf(proveGrowth(options, signed, size + 1))).toBe('proof.unavailable');
    expect(await codeOf(proveGrowth(options, signed, 0))).toBe('proof.unavailable');
    expect(await codeOf(proveGrowth(options, signed, 1, size + 1))).toBe('proof.unavailable');
    expect(await codeOf(proveGrowth(options, signed, 3, 2))).toBe('proof.unavailable');
  });

  /** Changes a byte of one hash of a tile. */
  function damage(path: string, hash: number): () => void {
    const file = join(folder, path);
    const bytes = readFileSync(file);
    const changed = Buffer.from(bytes);
    changed[hash * 32 + 7] = (changed[hash * 32 + 7] ?? 0) ^ 1;
    writeFileSync(file, changed);
    return () => writeFileSync(file, bytes);
  }

  it('gives out no proof from a tile of any level that was changed', async () => {
    await append('run:a', 800);
    const signed = await integrate(options, signer);
    expect(signed.checkpoint.size).toBe(801);
    const entry = (position: number) => codeOf(proveEntry(options, signed, position));
    const growth = (from: number, to?: number) => codeOf(proveGrowth(options, signed, from, to));
    const met: readonly (readonly [string, number, () => Promise<string>])[] = [
      ['tile/0/000', 1, () => entry(0)],
      ['tile/0/000', 0, () => growth(3)],
      ['tile/0/000', 2, () => growth(3, 300)],
      ['tile/0/000', 2, () => growth(3, 3)],
      ['tile/0/001', 43, () => growth(1, 300)],
      ['tile/0/001', 44, () => growth(300, 300)],
      ['tile/0/003.p/33', 32, () => entry(770)],
      ['tile/0/003.p/33', 32, () => growth(800)],
      ['tile/1/000.p/3', 1, () => entry(0)],
      ['tile/1/000.p/3', 0, () => growth(300, 600)],
      ['tile/1/000.p/3', 2, () => growth(512)],
      ['tile/1/000.p/3', 0, () => growth(256, 512)],
    ];
    for (const [path, hash, prove] of met) {
      const heal = damage(path, hash);
      expect([path, hash, await prove()]).toEqual([path, hash, 'tile.invalid']);
      heal();
      expect([path, hash, await prove()]).toEqual([path, hash, 'done']);
    }
  });

  it('gives out no proof from a ledger that has other entries than the checkpoint', async () => {
    await append('run:a', 5);
    const signed = await integrate(options, signer);
    const other = new MemoryStore();
    await other.append(genesis);
    await other.append(turns('run:b', null, 5));
    const forged = { ...options, store: other };
    expect(await codeOf(proveEntry(forged, signed, 3))).toBe('ledger.corrupt');
    expect(await codeOf(proveStream(forged, signed, 'run:a'))).toBe('ledger.corrupt');
    expect(await codeOf(proveStream(forged, signed, 'run:b'))).toBe('ledger.corrupt');
    expect(await codeOf(proveStream(forged, signed, 'run:c'))).toBe('ledger.corrupt');
    expect(await codeOf(proveStreams(forged, signed, ['run:a']))).toBe('ledger.corrupt');
    const silent = { ...signed, checkpoint: { ...signed.checkpoint, heads: undefined } };
    expect(await codeOf(proveStream(options, silent, 'run:a'))).toBe('proof.unavailable');
  });

  it('proves where a stream ends, and that there is no other, as the checkpoint saw it', async () => {
    await append('run:a', 5);
    await append('run:b', 2);
    const head = await store.head('run:a');
    const signed = await integrate(options, signer);
    const heads = signed.checkpoint.heads ?? '';
    await append('run:a', 3);
    await append('run:later', 1);
    const proof = await proveStream(options, signed, 'run:a');
    expect([verifyHead(proof, heads), headOf(proof)]).toEqual([undefined, head]);
    const { checkpoint } = signed;
    const claim = { ledger: ledgerId, stream: 'run:a', proof, checkpoint };
    const all = await entriesOf('run:a');
    expect(checkCompleteness({ ...claim, entries: all.slice(0, 5) }).ok).toBe(true);
    expect(checkCompleteness({ ...claim, entries: all.slice(0, 4) }).ok).toBe(false);
    const absent = await proveStream(options, signed, 'run:later');
    expect([verifyHead(absent, heads), headOf(absent)]).toEqual([undefined, null]);
    expect((await integrate(options, signer)).checkpoint.heads).not.toBe(heads);
  });

  it('signs nothing over a position that no entry has', async () => {
    await append('run:a', 20);
    const all = await store.readAll(0, 100);
    const gapped = new MemoryStore();
    gapped.readAll = async (from, limit) =>
      all.filter(({ position }) => position >= from && position !== 7).slice(0, limit);
    expect(await codeOf(integrate({ ...options, store: gapped }, signer))).toBe('ledger.corrupt');
    expect(files().has('checkpoint')).toBe(false);
  });

  it('goes on after a crash at any write, to the same files', async () => {
    await append('run:a', 300);
    await integrate(options, signer);
    await append('run:a', 600);
    const before = files();
    const whole = mkdtempSync(join(tmpdir(), 'log-whole-'));
    try {
      for (const [path, bytes] of before) {
        await tilesFolder(whole).write(path, Buffer.from(bytes, 'base64'));
      }
      await integrate({ ...options, tiles: tilesFolder(whole) }, signer);
      let writes = 0;
      for (let most = 0; ; most += 1) {
        const tiles = failingAfter(options.tiles, most);
        const code = await codeOf(integrate({ ...options, tiles }, signer));
        writes = most;
        if (code === 'done') break;
        expect(code).toBe('ledger.unreachable');
      }
      expect(writes).toBeGreaterThan(5);
      expect(files()).toEqual(files(whole));
    } finally {
      rmSync(whole, { recursive: true });
    }
  });

  it('does not go on from tiles, a checkpoint or a ledger that were changed', async () => {
    await append('run:a', 300);
    await integrate(options, signer);
    const tile = join(folder, 'tile/0/001.p/45');
    const bytes = readFileSync(tile);
    writeFileSync(tile, bytes.with(7, (bytes[7] ?? 0) ^ 1));
    await append('run:a', 1);
    expect(await codeOf(integrate(options, signer))).toBe('tile.invalid');
    rmSync(tile);
    expect(await codeOf(integrate(options, signer))).toBe('tile.missing');
    writeFileSync(tile, bytes.subarray(1));
    expect(await codeOf(integrate(options, signer))).toBe('tile.invalid');
    writeFileSync(tile, bytes);
    const stranger = signerOf(ed25519Signer(new Uint8Array(32).fill(4)));
    expect(await codeOf(integrate(options, stranger))).toBe('checkpoint.invalid');
    const shorter = new MemoryStore();
    await shorter.append(genesis);
    await shorter.append(turns('run:a', null, 40));
    expect(await codeOf(integrate({ ...options, store: shorter }, signer))).toBe('ledger.corrupt');
    await shorter.append(turns('run:b', null, 400));
    expect(await codeOf(integrate({ ...options, store: shorter }, signer))).toBe('ledger.corrupt');
    writeFileSync(join(folder, 'checkpoint'), 'x');
    expect(await codeOf(integrate(options, signer))).toBe('checkpoint.invalid');
    writeFileSync(join(folder, 'checkpoint'), Buffer.from([0xff]));
    expect(await codeOf(integrate(options, signer))).toBe('checkpoint.invalid');
  });

  it('goes on where another let it grow in between, and from what it left itself', async () => {
    const [one, other] = [new Integration(options, signer), new Integration(options, signer)];
    const seen: SignedCheckpoint[] = [];
    for (const [by, more] of [
      ...([
        [one, 3],
        [one, 250],
        [other, 7],
      ] as const),
      ...([
        [one, 300],
        [one, 0],
        [one, 1],
        [other, 513],
        [other, 2],
        [one, 0],
      ] as const),
    ]) {
      await append('run:a', more);
      seen.push(await by.grow());
    }
    const whole = mkdtempSync(join(tmpdir(), 'log-whole-'));
    try {
      const once = await integrate({ ...options, tiles: tilesFolder(whole) }, signer);
      expect(seen.at(-1)).toEqual(once);
      for (const [path, bytes] of files(whole))
        expect([path, files().get(path)]).toEqual([path, bytes]);
    } finally {
      rmSync(whole, { recursive: true });
    }
  });

  it('takes up the tiles again after a growth that failed half-way', async () => {
    let failing = true;
    const failed = failingAfter(options.tiles, 1);
    const tiles: TileStore = {
      read: (path) => options.tiles.read(path),
      write: (path, bytes) => (failing ? failed : options.tiles).write(path, bytes),
    };
    const integration = new Integration({ ...options, tiles }, signer);
    await append('run:a', 600);
    expect(await codeOf(integration.grow())).toBe('ledger.unreachable');
    failing = false;
    await append('run:a', 1);
    expect(await integration.grow()).toEqual(await integrate(options, signer));
  });

  it('is not signed by one who has lost the lease', async () => {
    await append('run:a', 2);
    const lease = { isHeld: async () => false, release: async () => undefined };
    expect(await codeOf(new Integration(options, signer).grow(lease))).toBe('ledger.busy');
    expect(files().has('checkpoint')).toBe(false);
    expect((await integrate(options, signer)).checkpoint.size).toBe(3);
  });

  it('is another for each ledger: a checkpoint of one is none of the other', async () => {
    await integrate(options, signer);
    const other = { ...options, ledger: 'f'.repeat(64) };
    expect(await codeOf(latestCheckpoint(options.tiles, other.ledger, [signer.id]))).toBe(
      'checkpoint.invalid',
    );
  });

  it('leaves out a bundle whose entry is too long for it, and proves the entry all the same', async () => {
    const batch = turns('run:a', null, 1);
    const [entry] = batch.entries;
    if (entry === undefined) throw new Error('one entry');
    // No store reads bodies: a text of this length stands for one that a large policy makes.
    const text = entry.text.replace('"turn":0', `"turn":0,"x":"${'x'.repeat(66_000)}"`);
    const long = { ...entry, text, digest: leafDigest(text) };
    await store.append({ ...batch, entries: [long] });
    expect(headAfter({ ...batch, entries: [long] }, 'run:a')).toEqual(await store.head('run:a'));
    const signed = await integrate(options, signer);
    expect([...files().keys()]).toEqual(['checkpoint', 'tile/0/000.p/2']);
    const { leaf, inclusion } = await proveEntry(options, signed, 1);
    expect(verifyInclusion(inclusion, leaf, signed.checkpoint.root)).toBeUndefined();
  });
});

/** Tiles of which only so many are written. */
function failingAfter(tiles: TileStore, most: number): TileStore {
  let written = 0;
  return {
    read: (path) => tiles.read(path),
    write: async (path, bytes) => {
      if (written >= most) {
        throw new RefusalError({
          ...{ code: 'ledger.unreachable', message: 'no room', remedy: '' },
          ...{ retryable: true, details: {} },
        });
      }
      written += 1;
      await tiles.write(path, bytes);
    },
  };
}
