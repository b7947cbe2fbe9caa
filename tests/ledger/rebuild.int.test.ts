import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import { tilesFolder } from '@chancery/adapters/tiles-folder';
import { ed25519Signer, signerOf } from '@chancery/kernel/encoding';
import { RefusalError, type Refusal } from '@chancery/kernel/refusal';
import { signCheckpoint, verifyInclusion } from '@chancery/kernel/tree';
import {
  integrate,
  proveEntry,
  rebuild,
  type RebuildOptions,
  type SignedCheckpoint,
} from '@chancery/runtime/transparency';
import { genesis, ledgerId, turns } from '@chancery/testkit/store-suite';

const signer = signerOf(ed25519Signer(new Uint8Array(32).fill(3)));

let folder: string;
let store: MemoryStore;
let options: RebuildOptions;
let signed: SignedCheckpoint;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rebuild-'));
  store = new MemoryStore();
  await store.append(genesis);
  options = { store, tiles: tilesFolder(folder), ledger: ledgerId, keys: [signer.id] };
  await append(store, 'run:a', 400);
  await append(store, 'run:b', 1_700);
  signed = await integrate(options, signer);
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Appends to a stream, in batches of at most 40. */
async function append(to: MemoryStore, stream: string, entries: number): Promise<void> {
  for (let left = entries; left > 0; left -= 40) {
    await to.append(turns(stream, await to.head(stream), Math.min(40, left)));
  }
}

/** Everything in the folder, by path. */
function files(): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Map(
    names
      .filter((name) => name.isFile())
      .map((name) => join(name.parentPath, name.name))
      .map((file) => [file.slice(folder.length + 1), readFileSync(file, 'base64')] as const)
      .sort(),
  );
}

async function refusalOf(promise: Promise<unknown>): Promise<Refusal> {
  const error: unknown = await promise.then(
    () => new Error('it was not refused'),
    (caught: unknown) => caught,
  );
  if (error instanceof RefusalError) return error.refusal;
  throw error;
}

/** Flips a bit of a file. */
function flip(path: string): void {
  const bytes = readFileSync(join(folder, path));
  writeFileSync(join(folder, path), bytes.with(-1, (bytes.at(-1) ?? 0) ^ 1));
}

describe('the tiles of a tree are computed again', () => {
  it('each that is missing, damaged, cut or too long, to the bytes that it had', async () => {
    const whole = files();
    const paths = [...whole.keys()].filter((path) => path !== 'checkpoint');
    expect(paths.length).toBeGreaterThan(16);
    const damage: readonly ((path: string) => void)[] = [
      (path) => rmSync(join(folder, path)),
      flip,
      (path) => writeFileSync(join(folder, path), ''),
      (path) => appendFileSync(join(folder, path), Buffer.alloc(3)),
      () => undefined,
    ];
    for (const [at, path] of paths.entries()) damage[at % damage.length]?.(path);
    const sound = Math.floor(paths.length / damage.length);
    const rebuilt = await rebuild(options);
    expect(rebuilt).toEqual({ signed, written: paths.length - sound, sound });
    expect(files()).toEqual(whole);
    expect(await rebuild(options)).toEqual({ signed, written: 0, sound: paths.length });
    const { leaf, inclusion } = await proveEntry(options, signed, 300);
    expect(verifyInclusion(inclusion, leaf, signed.checkpoint.root)).toBeUndefined();
  });

  it('of the tree that was signed, whatever the ledger has beyond it', async () => {
    const whole = files();
    rmSync(join(folder, 'tile'), { recursive: true });
    await append(store, 'run:c', 700);
    await rebuild({ ...options, tiles: tilesFolder(folder) });
    expect(files()).toEqual(whole);
    const grown = await integrate(options, signer);
    expect(grown.checkpoint.size).toBe(2_801);
  });

  it('and leaves alone what is sound, and the checkpoint', async () => {
    const inodes = (): readonly (readonly [string, number])[] =>
      [...files().keys()].map((path) => [path, statSync(join(folder, path)).ino]);
    const before = inodes();
    flip('tile/0/001');
    await rebuild(options);
    const changed = inodes().filter(([path, inode]) => new Map(before).get(path) !== inode);
    expect(changed.map(([path]) => path)).toEqual(['tile/0/001']);
  });

  it('and tells how far it is', async () => {
    const told: (readonly [number, number])[] = [];
    await rebuild({ ...options, onProgress: (passed, of) => void told.push([passed, of]) });
    const { size } = signed.checkpoint;
    expect(told.map(([passed]) => passed)).toEqual([
      1_024,
      2_048,
      size,
      size + 1_024,
      size + 2_048,
      2 * size,
    ]);
    expect(new Set(told.map(([, of]) => of))).toEqual(new Set([2 * size]));
  });
});

describe('the tiles of a tree are left as they are', () => {
  /** Refused as said, with no file changed. */
  async function refused(changed: Partial<RebuildOptions>): Promise<Refusal> {
    rmSync(join(folder, 'tile/0/002'));
    flip('tile/entries/003');
    const before = files();
    const refusal = await refusalOf(rebuild({ ...options, ...changed }));
    expect(files()).toEqual(before);
    return refusal;
  }

  it('when the ledger has lost entries that were signed for', async () => {
    const shorter = new MemoryStore();
    await shorter.append(genesis);
    await append(shorter, 'run:a', 400);
    await append(shorter, 'run:b', 1_699);
    const { code, message } = await refused({ store: shorter });
    expect([code, message]).toEqual([
      'ledger.corrupt',
      'the checkpoint was signed for 2101 entries, and 2100 are here',
    ]);
  });

  it('when the ledger has other entries', async () => {
    const other = new MemoryStore();
    await other.append(genesis);
    await append(other, 'run:a', 400);
    await append(other, 'run:x', 1_700);
    const { code, message } = await refused({ store: other });
    expect([code, message]).toEqual([
      'ledger.corrupt',
      'the first 2101 entries are not those that the checkpoint was signed for',
    ]);
  });

  it('when the checkpoint tells other heads of streams', async () => {
    const lie = signCheckpoint({ ...signed.checkpoint, heads: 'a'.repeat(64) }, [signer]);
    writeFileSync(join(folder, 'checkpoint'), lie);
    expect((await refused({})).code).toBe('checkpoint.invalid');
  });

  it('when nobody who is trusted has signed the checkpoint', async () => {
    const stranger = signerOf(ed25519Signer(new Uint8Array(32).fill(4)));
    expect((await refused({ keys: [stranger.id] })).code).toBe('checkpoint.invalid');
  });

  it('when there is no checkpoint, of which it says how one is made', async () => {
    rmSync(join(folder, 'checkpoint'));
    const { code, remedy } = await refused({});
    expect([code, remedy]).toEqual([
      'proof.unavailable',
      'Sign one, which writes all tiles anew: `chancery checkpoint`.',
    ]);
    expect(existsSync(join(folder, 'checkpoint'))).toBe(false);
    expect(await integrate(options, signer)).toEqual(signed);
    expect((await rebuild(options)).written).toBe(0);
  });
});

it('a checkpoint that says nothing of the heads of streams is one to compute the tiles for', async () => {
  const whole = files();
  const plain = signCheckpoint({ ...signed.checkpoint, heads: undefined }, [signer]);
  writeFileSync(join(folder, 'checkpoint'), plain);
  flip('tile/1/000.p/8');
  expect((await rebuild(options)).written).toBe(1);
  expect(files().get('tile/1/000.p/8')).toBe(whole.get('tile/1/000.p/8'));
});
