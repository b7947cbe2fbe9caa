import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  openCheckpoint,
  parseVerifierKey,
  verifyConsistency,
  verifyHead,
  verifyInclusion,
  verifyProofFile,
  type CheckpointTrust,
  type Proof,
} from '@chancery/kernel/tree';
import { Stand, type JsonLine } from '../cli-fixture.ts';

let stand: Stand;
let run: string;

beforeAll(async () => {
  stand = new Stand();
  stand.makeRepo();
  await stand.init();
  const model = stand.script({ say: 'Done.' });
  const { lines } = await stand.json(['run', 'Nothing', '--repo', stand.repo, '--model', model]);
  run = String(lines.at(-1)?.['run']);
});

afterAll(() => {
  stand.remove();
});

async function one(...words: readonly string[]): Promise<JsonLine & { exit: number | null }> {
  const { exit, lines } = await stand.json(words);
  const [line] = lines;
  if (line === undefined) throw new Error(`${words.join(' ')} printed nothing`);
  return { ...line, exit };
}

/** Believes the key that a checkpoint is told with; somebody else would have it from elsewhere. */
function trustOf({ key, origin }: JsonLine): CheckpointTrust {
  const parsed = parseVerifierKey(String(key));
  if (!parsed.ok) throw new Error(parsed.refusal.message);
  return { origin: String(origin), log: [parsed.value], witnesses: [], quorum: 0 };
}

describe('a stream', () => {
  it('can be named by its run, and one that is not there is told to be none', async () => {
    const whole = await stand.run(['prove', '--stream', `run:${run}`]);
    expect(await stand.run(['prove', '--stream', run.slice(0, 8)])).toEqual(whole);
    const absent = await stand.run(['prove', '--stream', 'run:nobody']);
    expect(absent).toMatchObject({ exit: 0 });
    expect(absent.stderr).toContain('there is no stream run:nobody');
    const exported = await stand.run(['export', '--stream', 'run:nobody']);
    expect(exported.stderr).toContain('there is no stream run:nobody');
  });

  it.each([
    ['', 'usage.invalid'],
    ['Run', 'usage.invalid'],
    ['task', 'run.unknown'],
    ['run:', 'usage.invalid'],
  ])('is not called %j', async (named, code) => {
    const file = join(stand.folder, 'none.chancery');
    for (const words of [
      ['prove', '--stream', named],
      ['export', '--stream', named, '--to', file],
    ]) {
      expect(await one(...words)).toMatchObject({ exit: 2, code });
    }
    expect(existsSync(file)).toBe(false);
  });
});

describe('what somebody without the ledger can check', () => {
  it('is nothing before there is a checkpoint', async () => {
    const fresh = new Stand();
    try {
      await fresh.init();
      const { exit, lines } = await fresh.json(['prove', '0']);
      expect([exit, lines[0]?.['code']]).toEqual([2, 'proof.unavailable']);
    } finally {
      fresh.remove();
    }
  });

  it('is every entry of a run as soon as it has ended: the run keeps the tree', async () => {
    const listed = await stand.json(['show', run]);
    const last = listed.lines.length - 1;
    const shown = await one('prove', `${run}/${last}`);
    expect(shown).toMatchObject({ exit: 0, entry: { stream: `run:${run}`, seq: last } });
    const opened = await one('checkpoint');
    expect(opened['note']).toBe(shown['checkpoint']);
  });

  it('is told when the tree does not grow, and the run goes on without it', async () => {
    const kept = join(stand.home, 'tiles/checkpoint');
    const note = readFileSync(kept);
    writeFileSync(kept, 'spoilt');
    const model = stand.script({ say: 'Done.' });
    const left = await stand.run(['run', 'Blind', '--repo', stand.repo, '--model', model]);
    expect([left.exit, left.stderr]).toEqual([
      0,
      expect.stringContaining('the tree of the ledger does not grow (checkpoint.invalid)'),
    ]);
    writeFileSync(kept, note);
    expect(await one('checkpoint')).toMatchObject({ exit: 0 });
  });

  it('is a checkpoint, an entry in it, its growth, and the end of a stream', async () => {
    const first = await one('checkpoint');
    const trust = trustOf(first);
    const opened = openCheckpoint(String(first['note']), trust);
    expect(opened).toMatchObject({ ok: true, value: { checkpoint: { size: first['size'] } } });
    expect((await stand.run(['checkpoint'])).stdout).toBe(String(first['note']));

    const shown = await one('prove', `${run}/0`);
    const { position, stream } = shown['entry'] as { position: number; stream: string };
    expect(stream).toBe(`run:${run}`);
    expect(await one('prove', String(position))).toEqual(shown);
    const leaf = String(shown['leaf']);
    const inclusion = shown['proof'] as Extract<Proof, { type: 'inclusion' }>;
    expect(verifyInclusion(inclusion, leaf, String(first['root']))).toBeUndefined();
    const { stdout } = await stand.run(['prove', String(position)]);
    expect(verifyProofFile(stdout, leaf, trust).ok).toBe(true);
    expect(verifyProofFile(stdout, String(first['root']), trust).ok).toBe(false);

    const head = (await one('prove', '--stream', stream))['proof'] as never;
    expect(verifyHead(head, String(first['heads']))).toBeUndefined();
    const absent = (await one('prove', '--stream', 'run:nowhere'))['proof'] as never;
    expect(verifyHead(absent, String(first['heads']))).toBeUndefined();

    const model = stand.script({ say: 'Done.' });
    await stand.run(['run', 'More', '--repo', stand.repo, '--model', model]);
    const second = await one('checkpoint');
    expect(Number(second['size'])).toBeGreaterThan(Number(first['size']));
    const grown = (await one('prove', '--consistency', String(first['size'])))['proof'] as never;
    expect(verifyConsistency(grown, String(first['root']), String(second['root']))).toBeUndefined();

    await one('run', 'Again', '--repo', stand.repo, '--model', model);
    const third = await one('checkpoint');
    expect(Number(third['size'])).toBeGreaterThan(Number(second['size']));
    const sizes = [first, second].map(({ size }) => String(size));
    expect((await one('prove', '--consistency', ...sizes))['proof']).toEqual(grown);
  });

  it('is no proof when a tile was changed: it is refused, and nothing is printed', async () => {
    const size = Number((await one('checkpoint'))['size']);
    const tile = join(stand.home, `tiles/tile/0/000.p/${size}`);
    const bytes = readFileSync(tile);
    const changed = Buffer.from(bytes);
    for (const hash of [0, 1]) changed[hash * 32] = (changed[hash * 32] ?? 0) ^ 1;
    writeFileSync(tile, changed);
    for (const words of [['0'], ['--consistency', '3']]) {
      const { exit, stdout, stderr } = await stand.run(['prove', ...words]);
      expect([words, exit, stdout]).toEqual([words, 7, '']);
      expect(stderr).toContain('tile.invalid');
    }
    writeFileSync(tile, bytes);
    expect(await one('prove', '0')).toMatchObject({ exit: 0 });
  });

  it.each([
    [[], 'usage.invalid'],
    [['1', '--stream', 'ledger'], 'usage.invalid'],
    [['ledger/'], 'usage.invalid'],
    [['--consistency', 'x'], 'usage.invalid'],
    [['--consistency', '1', 'x'], 'usage.invalid'],
    [['--consistency', '1', '2', '3'], 'usage.invalid'],
    [['--consistency', '0'], 'proof.unavailable'],
    [['--consistency', '3', '2'], 'proof.unavailable'],
    [['--consistency', '1', '999999'], 'proof.unavailable'],
    [['999999'], 'proof.unavailable'],
    [['ledger/999'], 'proof.unavailable'],
    [['zzzz/0'], 'run.unknown'],
  ])('is refused for %j with %s', async (words, code) => {
    expect(await one('prove', ...words)).toMatchObject({ exit: 2, code });
  });

  it('tells when the ledger was cut off or written anew after a checkpoint', async () => {
    const kept = join(stand.folder, 'kept.checkpoint');
    writeFileSync(kept, (await stand.run(['checkpoint'])).stdout);
    expect(await one('verify', '--against', kept)).toMatchObject({ exit: 0, ok: true });
    const whole = readFileSync(ledger());

    stand.edit(`DELETE FROM entries WHERE position > (SELECT max(position) FROM entries)
      - (SELECT json_extract(text, '$.batch.size') FROM entries ORDER BY position DESC LIMIT 1)`);
    expect(codes(await one('verify'))).toEqual(['checkpoint.mismatch']);
    expect((await stand.run(['verify'])).stdout).toContain('the end was cut off');
    expect(await one('checkpoint')).toMatchObject({ exit: 7, code: 'ledger.corrupt' });
    rmSync(join(stand.home, 'tiles'), { recursive: true });
    expect(await one('verify')).toMatchObject({ exit: 0, ok: true });
    const lost = ['checkpoint.mismatch', 'checkpoint.missing'];
    expect(codes(await one('verify', '--against', kept))).toEqual(lost);

    // Whoever holds the key of the runtime can sign the shorter ledger, but not what is kept elsewhere.
    expect((await one('checkpoint')).exit).toBe(0);
    expect(codes(await one('verify', '--against', kept))).toEqual(['checkpoint.mismatch']);
    writeFileSync(ledger(), whole);
    expect(codes(await one('verify'))).toEqual([]);
    expect(codes(await one('verify', '--against', kept))).toEqual([]);
  });

  it('does not believe a checkpoint that no key of the ledger has signed', async () => {
    const forged = join(stand.folder, 'forged.checkpoint');
    writeFileSync(forged, (await stand.run(['checkpoint'])).stdout.replace(/\n\d+\n/, '\n1\n'));
    const left = await one('verify', '--against', forged);
    expect([left.exit, codes(left)]).toEqual([7, ['checkpoint.invalid']]);
    const missing = await one('verify', '--against', '/nowhere');
    expect([missing.exit, codes(missing)]).toEqual([7, ['anchor.empty']]);
  });

  it.each([
    ['no note', (): unknown => writeFileSync(kept(), 'spoilt')],
    ['no text', (): unknown => writeFileSync(kept(), Buffer.from([0xff, 0xfe]))],
    ['empty', (): unknown => writeFileSync(kept(), '')],
    [
      'no file',
      (): unknown => {
        rmSync(kept());
        return mkdirSync(kept(), { recursive: true });
      },
    ],
    [
      'signed for another size',
      (note: string): unknown => writeFileSync(kept(), note.replace(/\n\d+\n/, '\n1\n')),
    ],
    [
      'that of another ledger',
      (note: string): unknown =>
        writeFileSync(kept(), note.replaceAll(/alt.[0-9a-f]{2}/g, 'alt/00')),
    ],
  ])('verifies all entries though the checkpoint of the home is %s', async (_, spoil) => {
    const note = (await stand.run(['checkpoint'])).stdout;
    const whole = readFileSync(ledger());
    spoil(note);
    const left = await one('verify');
    const told = left['findings'] as readonly { readonly message: string }[];
    expect([left.exit, left['ok'], codes(left)]).toEqual([7, false, ['checkpoint.invalid']]);
    expect(told[0]?.message).toContain(`${kept()}: `);
    expect(Number(left['entries'])).toBeGreaterThan(5);
    stand.edit('DELETE FROM entries WHERE position = (SELECT max(position) FROM entries) - 1');
    const both = codes(await one('verify'));
    expect([both.length > 1, both.at(-1)]).toEqual([true, 'checkpoint.invalid']);
    writeFileSync(ledger(), whole);
    rmSync(kept(), { recursive: true });
    writeFileSync(kept(), note);
    expect(await one('verify')).toMatchObject({ exit: 0, ok: true, findings: [] });
  });
});

const kept = (): string => join(stand.home, 'tiles', 'checkpoint');
const ledger = (): string => join(stand.home, 'ledger.db');

function codes({ findings }: JsonLine): readonly unknown[] {
  return (findings as readonly { readonly code: string }[]).map(({ code }) => code);
}
