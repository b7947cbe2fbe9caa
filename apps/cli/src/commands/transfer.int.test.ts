import {
  appendFileSync,
  copyFileSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stand, type JsonLine } from '../cli-fixture.ts';

let stand: Stand;
let ledger: string;
let run: string;

beforeAll(async () => {
  stand = new Stand();
  stand.makeRepo();
  await stand.init();
  const model = stand.script({ say: 'Done.' });
  const { lines } = await stand.json(['run', 'Nothing', '--repo', stand.repo, '--model', model]);
  run = `run:${String(lines.at(-1)?.['run'])}`;
});

afterAll(() => {
  stand.remove();
});

const at = (name: string): string => join(stand.folder, name);

async function one(
  words: readonly string[],
  home?: string,
): Promise<JsonLine & { exit: number | null }> {
  const { exit, lines } = await stand.json(
    words,
    home === undefined ? {} : { CHANCERY_HOME: home },
  );
  const [line] = lines;
  if (line === undefined) throw new Error(`${words.join(' ')} printed nothing`);
  return { ...line, exit };
}

describe('moving a ledger', () => {
  it('needs a checkpoint', async () => {
    const early = new Stand();
    try {
      await early.init();
      const { exit, lines } = await early.json(['export', '--to', at('early')]);
      expect({ exit, code: lines.at(-1)?.['code'] }).toEqual({
        exit: 2,
        code: 'proof.unavailable',
      });
    } finally {
      early.remove();
    }
    expect(await one(['checkpoint'])).toMatchObject({ exit: 0 });
  });

  it('writes the same bytes into a pipe and into a file, for its user alone', async () => {
    const written = await one(['export', '--to', at('whole')]);
    expect(written).toMatchObject({ exit: 0, type: 'export', streams: null, before: 0 });
    ledger = String(written['ledger']);
    const { stdout } = await stand.run(['export']);
    expect(stdout).toBe(readFileSync(at('whole'), 'utf8'));
    expect(written['bytes']).toBe(Buffer.byteLength(stdout));
    expect(statSync(at('whole')).mode & 0o777).toBe(0o600);
  });

  it('goes on with an export that was cut short, and touches no other file', async () => {
    copyFileSync(at('whole'), at('cut'));
    truncateSync(at('cut'), 9_000);
    const resumed = await one(['export', '--to', at('cut')]);
    expect(resumed['before']).toBeGreaterThan(1_000);
    expect(readFileSync(at('cut'), 'utf8')).toBe(readFileSync(at('whole'), 'utf8'));
    writeFileSync(at('letter'), 'Dear');
    writeFileSync(at('letters'), 'Dear\n');
    for (const name of ['whole', 'letter', 'letters']) {
      const before = readFileSync(at(name));
      expect((await one(['export', '--to', at(name)])).exit).not.toBe(0);
      expect(readFileSync(at(name))).toEqual(before);
    }
  });

  it('brings it into a home that has none, verified and as it was', async () => {
    const home = at('copy');
    const imported = await one(['import', at('whole'), '--ledger', ledger], home);
    expect(imported).toMatchObject({ exit: 0, type: 'import', ledger, present: 0 });
    const again = await one(['import', at('whole')], home);
    expect(again).toMatchObject({ exit: 0, present: imported['appended'], appended: 0 });
    expect(await one(['verify'], home)).toMatchObject({ exit: 0, ok: true, ledger });
    const { stdout } = await stand.run(['export'], { CHANCERY_HOME: home });
    expect(stdout).toBe(readFileSync(at('whole'), 'utf8'));
    expect(await one(['prove', '--stream', run], home)).toMatchObject({ exit: 0 });
  });

  it('adds what the ledger has got since', async () => {
    const model = stand.script({ say: 'Done again.' });
    await stand.json(['run', 'More', '--repo', stand.repo, '--model', model]);
    await one(['checkpoint']);
    const { size } = await one(['export', '--to', at('longer')]);
    const imported = await one(['import', at('longer')], at('copy'));
    expect(Number(imported['present']) + Number(imported['appended'])).toBe(size);
    expect(imported['appended']).toBeGreaterThan(0);
    expect(await one(['import', at('whole')], at('copy'))).toMatchObject({ exit: 0, appended: 0 });
  });

  it('shows a run whole to somebody who has nothing else', async () => {
    await one(['export', '--stream', run, '--to', at('run')]);
    const home = at('stranger');
    const words = ['import', at('run'), '--ledger', ledger];
    expect(await one([...words, '--dry-run'], home)).toMatchObject({
      exit: 0,
      streams: ['ledger', run],
      present: null,
    });
    expect(await one(words, home)).toMatchObject({ exit: 2, code: 'export.partial' });
  });

  it('refuses what is damaged, cut short, of another ledger, or not there', async () => {
    const home = at('nobody');
    copyFileSync(at('whole'), at('short'));
    truncateSync(at('short'), statSync(at('short')).size - 1);
    copyFileSync(at('whole'), at('long'));
    appendFileSync(at('long'), '\n');
    const other = '0'.repeat(64);
    expect(await one(['import', at('short')], home)).toMatchObject({ code: 'export.truncated' });
    expect(await one(['import', at('long')], home)).toMatchObject({ code: 'export.invalid' });
    expect(await one(['import', at('none')], home)).toMatchObject({ code: 'usage.invalid' });
    expect(await one(['import', at('whole'), '--ledger', other], home)).toMatchObject({
      code: 'export.foreign',
    });
    expect(await one(['import', at('whole'), '--ledger', other])).toMatchObject({
      code: 'export.foreign',
    });
    expect(await one(['import', at('whole'), '--ledger', 'x'], home)).toMatchObject({
      code: 'usage.invalid',
    });
    expect(await one(['verify'], home)).toMatchObject({ code: 'ledger.missing' });
  });
});
