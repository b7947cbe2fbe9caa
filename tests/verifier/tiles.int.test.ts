import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { MemoryStore } from '@chancery/adapters/store-memory';
import { tilesFolder } from '@chancery/adapters/tiles-folder';
import { integrate } from '@chancery/runtime/transparency';
import {
  appendAll,
  ledgerFixture,
  runtimeSigner,
  trustRuntime,
  writeMoments,
} from '@chancery/testkit/builders';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build, runIn, type Built } from './built.ts';

/** Sizes at which a head was signed: the last has two full tiles, and a tile of a second level. */
const sizes = [100, 300, 614] as const;

const made = ledgerFixture();
trustRuntime(made);
writeMoments(
  made,
  Array.from({ length: 300 }, () => 'is refused'),
);
const { ledger } = made;

let built: Built;
let empty: string;
let sound: string;

beforeAll(async () => {
  built = await build();
  empty = path.join(built.folder, 'empty');
  mkdirSync(empty);
  sound = path.join(built.folder, 'sound');
  const [store, tiles] = [new MemoryStore(), tilesFolder(sound)];
  let from = 0;
  for (const size of sizes) {
    await appendAll(store, made.recorder.entries.slice(from, size));
    await integrate({ store, tiles, ledger }, runtimeSigner);
    from = size;
  }
});

afterAll(() => built.remove());

const within = (folder: string, file: string): string => path.join(folder, 'tile', file);

/** A copy in which something was changed. */
function changed(change: (folder: string) => void): string {
  const folder = mkdtempSync(path.join(built.folder, 'tiles-'));
  cpSync(sound, folder, { recursive: true });
  change(folder);
  return folder;
}

async function verdictOn(folder: string) {
  const asked = [folder, '--ledger', ledger, '--json'];
  const { exit, stdout, stderr } = await runIn(empty, built.program, asked);
  if (stdout === '') return { exit, said: stderr };
  const { ok, entries, findings, refusals, unsignedTiles } = JSON.parse(stdout) as {
    readonly ok: boolean;
    readonly entries: number;
    readonly findings: readonly object[];
    readonly refusals: readonly { readonly code: string; readonly message: string }[];
    readonly unsignedTiles: number;
  };
  const refused = refusals.map(({ code, message }) => `${code} ${message.split(' ')[0] ?? ''}`);
  return { exit, ok, entries, findings, refused, unsignedTiles };
}

const whole = { exit: 0, ok: true, entries: 614, findings: [], refused: [], unsignedTiles: 0 };
const flawed = (...refused: readonly string[]) => ({ ...whole, exit: 7, ok: false, refused });

/** Every tile of the tree that was signed last. */
const tilesOfTree = ['0/000', '0/001', '0/002.p/102', '1/000.p/2'];
/** Those that only earlier heads had. */
const earlier = ['0/000.p/100', '0/001.p/44', '1/000.p/1'];

it('holds with all its tiles, those of earlier heads among them', async () => {
  const files = readdirSync(path.join(sound, 'tile'), { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => path.relative(path.join(sound, 'tile'), path.join(file.parentPath, file.name)))
    .filter((file) => !file.startsWith('entries/'));
  expect(files.toSorted()).toEqual([...tilesOfTree, ...earlier].toSorted());
  expect(await verdictOn(sound)).toEqual(whole);
});

it('holds without the tiles that only earlier heads had', async () => {
  const folder = changed((copy) => {
    for (const file of earlier) rmSync(within(copy, file));
  });
  expect(await verdictOn(folder)).toEqual(whole);
});

describe.each([...tilesOfTree, ...earlier])('the tile %s is not believed', (file) => {
  const invalid = flawed(`tile.invalid tile/${file}`);
  const bytesOf = (folder: string): Buffer => readFileSync(within(folder, file));

  it('with another first or last byte', async () => {
    for (const at of [0, -1]) {
      const folder = changed((copy) => {
        const bytes = bytesOf(copy);
        const place = at < 0 ? bytes.length + at : at;
        bytes[place] = (bytes[place] ?? 0) ^ 1;
        writeFileSync(within(copy, file), bytes);
      });
      expect(await verdictOn(folder)).toEqual(invalid);
    }
  });

  it('with a hash too few or too many, or with none', async () => {
    for (const resize of [
      (bytes: Buffer) => bytes.subarray(32),
      (bytes: Buffer) => bytes.subarray(0, -32),
      (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(32)]),
      () => Buffer.alloc(0),
    ]) {
      const folder = changed((copy) => writeFileSync(within(copy, file), resize(bytesOf(copy))));
      expect(await verdictOn(folder)).toEqual(invalid);
    }
  });

  it('with the hashes of another place', async () => {
    const folder = changed((copy) => {
      const [length, other] = [bytesOf(copy).length, file.startsWith('0/000') ? '0/001' : '0/000'];
      writeFileSync(within(copy, file), readFileSync(within(sound, other)).subarray(-length));
    });
    expect(await verdictOn(folder)).toEqual(invalid);
  });
});

it.each(tilesOfTree)('the tile %s has to be there, as a file', async (file) => {
  const gone = changed((copy) => rmSync(within(copy, file)));
  expect(await verdictOn(gone)).toEqual(flawed(`tile.missing tile/${file}`));
  const folder = changed((copy) => {
    rmSync(within(copy, file));
    mkdirSync(within(copy, file));
  });
  expect(await verdictOn(folder)).toEqual(flawed(`tile.missing tile/${file}`));
});

it('names each of several', async () => {
  const folder = changed((copy) => {
    rmSync(within(copy, '0/001'));
    writeFileSync(within(copy, '0/000'), '');
    rmSync(within(copy, '1'), { recursive: true });
  });
  const { refused } = (await verdictOn(folder)) as { readonly refused: readonly string[] };
  expect(refused.toSorted()).toEqual([
    'tile.invalid tile/0/000',
    'tile.missing tile/0/001',
    'tile.missing tile/1/000.p/2',
  ]);
});

describe('tiles that were written for the next head', () => {
  const tile = (folder: string): Buffer => readFileSync(within(folder, '0/002.p/102'));
  const ahead = (folder: string, bytes: Buffer): void =>
    writeFileSync(within(folder, '0/002.p/103'), bytes);

  it('are counted as unsigned, and so are those beyond the tree', async () => {
    const folder = changed((copy) => {
      ahead(copy, Buffer.concat([tile(copy), Buffer.alloc(32)]));
      writeFileSync(within(copy, '0/003'), Buffer.alloc(256 * 32));
      mkdirSync(within(copy, '2/000.p'), { recursive: true });
      writeFileSync(within(copy, '2/000.p/1'), Buffer.alloc(32));
      writeFileSync(within(copy, 'entries/003'), '');
      // Drafts, which are left by a crash, are no tiles.
      writeFileSync(within(copy, '0/002.p/104.0123456789ab.new'), '');
    });
    expect(await verdictOn(folder)).toEqual({ ...whole, unsignedTiles: 4 });
    const said = await runIn(empty, built.program, [folder, '--ledger', ledger]);
    expect(said.stdout).toContain('4 tiles hold more than the checkpoint covers');
  });

  it('have to begin with the hashes of the entries', async () => {
    const folder = changed((copy) => ahead(copy, Buffer.alloc(103 * 32)));
    expect(await verdictOn(folder)).toEqual({
      ...flawed('tile.invalid tile/0/002.p/103'),
      unsignedTiles: 1,
    });
  });
});

it('no entry hides behind a tile that agrees with it', async () => {
  const bundle = 'entries/000';
  const folder = changed((copy) => {
    const text = readFileSync(within(copy, bundle), 'latin1');
    const at = text.lastIndexOf('"at":2') + '"at":'.length;
    writeFileSync(within(copy, bundle), `${text.slice(0, at)}3${text.slice(at + 1)}`, 'latin1');
  });
  const { exit, refused } = (await verdictOn(folder)) as {
    readonly exit: number;
    readonly refused: readonly string[];
  };
  expect(exit).toBe(7);
  expect(refused.map((line) => line.split(' ')[0])).toContain('checkpoint.mismatch');
  expect(refused).toContain('tile.invalid tile/0/000');
  expect(refused).toContain('tile.invalid tile/1/000.p/2');
});
