import { cpSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Stand, type JsonLine } from '../cli-fixture.ts';

let whole: Stand;
let stand: Stand;
let run: string;
/** Seq of the run's last entry. */
let last: number;

beforeAll(async () => {
  whole = new Stand();
  whole.makeRepo();
  await whole.init();
  const write = { name: 'fs.write', args: { path: 'b.txt', text: 'b\n' } };
  const model = whole.script({ calls: [write] }, { say: 'Done.' });
  const { lines } = await whole.json(['run', 'Write', '--repo', whole.repo, '--model', model]);
  run = String(lines.at(-1)?.['run']);
  last = Number(lines.at(-1)?.['entries']) - 1;
  const taken = await whole.json(['snapshot', run]);
  expect(taken).toMatchObject({
    exit: 0,
    lines: [{ type: 'snapshot', run, seq: last, refused: [] }],
  });
});

beforeEach(() => {
  stand = new Stand();
  cpSync(whole.home, stand.home, { recursive: true });
});

afterEach(() => {
  stand.remove();
});

afterAll(() => {
  whole.remove();
});

async function only(...words: readonly string[]): Promise<JsonLine | undefined> {
  const { exit, lines, stderr } = await stand.json(words);
  expect({ exit, stderr, count: lines.length }).toEqual({ exit: 0, stderr: '', count: 1 });
  return lines[0];
}

/** Changes the bytes of the signed snapshot where they stand in the file. */
function alterSnapshot(): void {
  const file = join(stand.home, 'ledger.db');
  const bytes = readFileSync(file);
  const at = bytes.indexOf('vnd.chancery.snapshot+json');
  expect(at).toBeGreaterThan(0);
  bytes.write('vnd.chancery.snapshat+json', at);
  writeFileSync(file, bytes);
}

describe('a snapshot of a run', () => {
  it('is where replay begins, with the same result as without it', async () => {
    const after = await only('replay', run);
    const full = await only('replay', run, '--full');
    expect(after).toEqual({ ...full, from: last, folded: 0 });
    expect(full).toMatchObject({ from: null, folded: last + 1, equal: true, refused: [] });
    const { stdout } = await stand.run(['replay', run]);
    expect(stdout).toContain(`0 of them after the snapshot of entry ${last}`);
  });

  it('is where the world begins, at the entries that it does not come after', async () => {
    expect(await only('world', run)).toMatchObject({ seq: last, from: last });
    expect(await only('world', run, '--at', String(last - 1))).toMatchObject({ from: null });
  });

  it('is verified with the ledger', async () => {
    expect(await only('verify')).toMatchObject({ ok: true, findings: [] });
  });

  it('is taken once, as long as nothing is written', async () => {
    expect(await only('snapshot')).toMatchObject({ run, seq: last, snapshot: null });
    const { stdout } = await stand.run(['snapshot']);
    expect(stdout).toBe(`${run}  the state after entry ${last} has a snapshot already\n`);
  });
});

describe('an altered snapshot', () => {
  beforeEach(alterSnapshot);

  it('is told and passed over by replay, world and show', async () => {
    for (const words of [['replay'], ['world']]) {
      const { exit, lines } = await stand.json([...words, run]);
      expect({ exit, line: lines[0] }).toMatchObject({
        exit: 0,
        line: { from: null, refused: [{ seq: 0, code: 'snapshot.invalid' }] },
      });
    }
    for (const command of ['replay', 'world', 'show']) {
      const { exit, stderr } = await stand.run([command, run]);
      expect({ exit, command, stderr }).toEqual({
        exit: 0,
        command,
        stderr: expect.stringMatching(
          /^snapshot.invalid: .*\n {2}It was passed over.*\n$/,
        ) as string,
      });
    }
  });

  it('is a finding of verification', async () => {
    const { exit, lines } = await stand.json(['verify', run]);
    expect({ exit, found: lines[0]?.['findings'] }).toMatchObject({
      exit: 7,
      found: [{ code: 'blob.missing', stream: `snapshot:${run}` }],
    });
  });

  it('is replaced by the next one', async () => {
    const { lines } = await stand.json(['snapshot', run]);
    expect(lines[0]).toMatchObject({ seq: last, refused: [{ code: 'snapshot.invalid' }] });
    expect(lines[0]?.['snapshot']).toMatch(/^[0-9a-f]{64}$/);
    expect(await only('replay', run)).toMatchObject({ from: last, refused: [] });
  });
});

describe('the list of runs', () => {
  const file = (): string => join(stand.home, 'projections', 'runs.json');

  it('is kept with the snapshots of all runs, for its user alone, and shown alike', async () => {
    const before = await only('runs');
    expect(existsSync(file())).toBe(false);
    await only('snapshot');
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(await only('runs')).toEqual(before);
  });

  it('is folded again where what was kept does not hold', async () => {
    const before = await only('runs');
    await only('snapshot');
    writeFileSync(file(), readFileSync(file(), 'utf8').replace('"payload":"e', '"payload":"f'));
    const { exit, stderr, lines } = await stand.json(['runs']);
    expect({ exit, stderr, lines }).toEqual({
      exit: 0,
      stderr: expect.stringMatching(/^snapshot.invalid: .*\n {2}It was passed over.*\n$/) as string,
      lines: [before],
    });
  });
});

it('is taken by itself of a run that grows long', async () => {
  const fresh = new Stand();
  fresh.makeRepo();
  await fresh.init();
  const reads = Array.from({ length: 280 }, () => ({
    name: 'fs.read',
    args: { path: 'a.txt' },
  }));
  const model = fresh.script({ calls: reads }, { say: 'Done.' });
  const { exit, lines, stderr } = await fresh.json([
    ...['run', 'Read', '--repo', fresh.repo, '--model', model],
  ]);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  const entries = Number(lines.at(-1)?.['entries']);
  const replayed = await fresh.json(['replay', String(lines.at(-1)?.['run'])]);
  const from = Number(replayed.lines[0]?.['from']);
  expect(from).toBeGreaterThanOrEqual(999);
  expect(replayed.lines[0]).toMatchObject({ equal: true, folded: entries - 1 - from, refused: [] });
  expect(await fresh.json(['verify'])).toMatchObject({ exit: 0 });
  fresh.remove();
});

it('is refused for a run that is not there, and none is taken where there is no run', async () => {
  const { exit, lines } = await stand.json(['snapshot', 'zzzz']);
  expect({ exit, code: lines[0]?.['code'] }).toEqual({ exit: 2, code: 'run.unknown' });
  const fresh = new Stand();
  await fresh.init();
  const { exit: ended, stdout } = await fresh.run(['snapshot']);
  fresh.remove();
  expect({ ended, stdout }).toMatchObject({
    ended: 0,
    stdout: expect.stringContaining('No run yet') as string,
  });
});
