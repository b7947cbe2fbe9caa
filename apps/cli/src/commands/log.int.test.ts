import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderLocks } from '@chancery/adapters/locks-folder';
import { MemoryStore } from '@chancery/adapters/store-memory';
import { tilesOverHttp } from '@chancery/adapters/log-http';
import { isKeyId, type Digest, type KeyId } from '@chancery/kernel/encoding';
import {
  bundlePath,
  bundlesBetween,
  decodeBundle,
  verifyConsistency,
  type ConsistencyProof,
} from '@chancery/kernel/tree';
import { latestCheckpoint, proveGrowth } from '@chancery/runtime/transparency';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stand } from '../cli-fixture.ts';

let stand: Stand;

beforeAll(async () => {
  stand = new Stand();
  await stand.init();
});

afterAll(() => {
  stand.remove();
});

/** What somebody was told beforehand, on another way. */
interface Pinned {
  readonly ledger: Digest;
  readonly keys: readonly KeyId[];
  /** A head that was kept. */
  readonly size: number;
  readonly root: Digest;
}

/** Checks a served log without the ledger: its head, its growth, and that all entries are there. */
async function auditOf(url: string, { ledger, keys, size, root }: Pinned): Promise<number> {
  const tiles = tilesOverHttp(url);
  const signed = await latestCheckpoint(tiles, ledger, keys);
  if (signed === undefined) throw new Error('no checkpoint is served');
  const log = { tiles, ledger, store: new MemoryStore() };
  const proof: ConsistencyProof = await proveGrowth(log, signed, size);
  expect(verifyConsistency(proof, root, signed.checkpoint.root)).toBeUndefined();
  let entries = 0;
  for (const place of bundlesBetween(0, signed.checkpoint.size)) {
    const bundle = decodeBundle((await tiles.read(bundlePath(place))) ?? new Uint8Array(), place);
    entries += bundle.ok ? bundle.value.length : 0;
  }
  return entries;
}

describe('a log that is served', () => {
  it('is checked over the network by who has a key and an old head, and not the ledger', async () => {
    const [first] = (await stand.json(['checkpoint'])).lines;
    const serving = stand.start(['log', 'serve', '--listen', '127.0.0.1:0', '--json']);
    let said = '';
    serving.child.stdout?.on('data', (text: string) => (said += text));
    await serving.says('"serving"');
    const line = JSON.parse(said) as { readonly url: string; readonly ledger: string };
    stand.makeRepo();
    const model = stand.script({ say: 'Done.' });
    const { lines } = await stand.json(['run', 'Nothing', '--repo', stand.repo, '--model', model]);
    const shown = lines.filter(({ type }) => type === 'entry').map(({ entry }) => entry);
    const writers = shown.map((entry) => (entry as { readonly by: string }).by);
    const keys = [...new Set(writers)].filter(isKeyId);
    const [size, root] = [Number(first?.['size']), String(first?.['root'])];
    const entries = await auditOf(line.url, { ledger: line.ledger, keys, size, root });
    const [second] = (await stand.json(['checkpoint'])).lines;
    expect([entries, entries > size]).toEqual([second?.['size'], true]);
    serving.child.kill('SIGTERM');
    const { exit, stderr } = await serving.ended;
    expect([exit, stderr]).toEqual([0, '']);
  });

  it.each([
    [['log']],
    [['log', 'serve', '--listen', 'nowhere']],
    [['log', 'serve', '--listen', '127.0.0.1:99999']],
    [['log', 'serve', '--listen', '192.0.2.1:0']],
  ])('is refused for %j', async (words) => {
    const { exit, lines } = await stand.json(words);
    expect([exit, lines[0]?.['code']]).toEqual([2, 'usage.invalid']);
  });
});

describe('tiles that were damaged', () => {
  const tiles = (): readonly string[] =>
    readdirSync(join(stand.home, 'tiles', 'tile'), { recursive: true, withFileTypes: true })
      .filter((name) => name.isFile())
      .map(({ parentPath, name }) => join(parentPath, name));

  it('are mended by the command that the refusal names', async () => {
    const [before] = (await stand.json(['checkpoint'])).lines;
    for (const file of tiles()) rmSync(file);
    const broken = await stand.json(['prove', 'ledger/0']);
    const [told] = broken.lines;
    expect([broken.exit, told?.['code']]).toEqual([7, 'tile.missing']);
    expect(told?.['remedy']).toContain('`chancery log rebuild`');
    const { exit, lines } = await stand.json(['log', 'rebuild']);
    const [size, root] = [before?.['size'], before?.['root']];
    const [written] = [tiles().length];
    expect(lines).toMatchObject([{ type: 'log-rebuilt', size, root, written, sound: 0 }]);
    expect([exit, written]).toEqual([0, 2]);
    expect((await stand.json(['prove', 'ledger/0'])).exit).toBe(0);
    writeFileSync(tiles()[0] ?? '', 'x');
    const { stdout } = await stand.run(['log', 'rebuild']);
    expect(stdout).toMatch(
      /^The tiles of \d+ entries are whole: 1 files written, 1 were sound\.$/m,
    );
  });

  it('are not mended while another process lets the tree grow', async () => {
    const lock = await folderLocks(join(stand.home, 'locks')).acquire('tree');
    if (!lock.ok) throw new Error(lock.refusal.message);
    const { exit, lines } = await stand.json(['log', 'rebuild']);
    await lock.value();
    expect([exit, lines[0]?.['code']]).toEqual([8, 'ledger.busy']);
  });

  it('are not mended for want of a checkpoint', async () => {
    rmSync(join(stand.home, 'tiles', 'checkpoint'));
    const { exit, lines } = await stand.json(['log', 'rebuild']);
    expect([exit, lines[0]?.['code']]).toEqual([2, 'proof.unavailable']);
    expect(lines[0]?.['remedy']).toContain('`chancery checkpoint`');
  });
});
