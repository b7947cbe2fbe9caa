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
