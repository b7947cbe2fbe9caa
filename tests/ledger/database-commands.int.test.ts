import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tilesOverHttp } from '@chancery/adapters/log-http';
import { postgresTreeLease } from '@chancery/adapters/store-postgres';
import type { JsonObject } from '@chancery/kernel/encoding';
import { chancery, saidLine, start } from '../ground/command.ts';
import { commitAll, writeFiles, type Ground } from '../ground/ground.ts';
import { scriptOf, type Calls } from '../ground/house.ts';
import { DatabaseStand, linesOf, withHome } from './database-stand.ts';

let stand: DatabaseStand;
/** Its ledger is in the database, which it uses as the role that can change nothing. */
let ground: Ground;

beforeAll(async () => {
  stand = await DatabaseStand.start();
});

afterAll(() => stand.stop());

beforeEach(async () => {
  ground = await stand.open();
  writeFiles(ground.repository, { 'large.txt': 'a line of a letter\n'.repeat(3_000) });
  commitAll(ground.repository);
  await stand.found();
});

afterEach(() => stand.close());

/** The lines of a command that must do. */
async function lines(words: readonly string[], at = ground): Promise<readonly JsonObject[]> {
  const ended = await chancery(at, [...words, '--json']);
  const { exit, stderr } = ended;
  expect({ words, exit, stderr }).toEqual({ words, exit: 0, stderr: '' });
  return linesOf(ended);
}

async function last(words: readonly string[], at = ground): Promise<JsonObject> {
  return (await lines(words, at)).at(-1) ?? {};
}

/** A word or a number that a line has. */
function member(line: JsonObject, name: string): string {
  const value = line[name];
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw new Error(`there is no ${name} in ${JSON.stringify(line)}`);
}

async function codeOf(words: readonly string[]): Promise<unknown> {
  return linesOf(await chancery(ground, [...words, '--json'])).at(-1)?.['code'];
}

/** Does these calls in a run of its own; the id of the run. */
async function run(name: string, calls: Calls, more: readonly string[] = []): Promise<string> {
  const words = runWords(name, calls, more);
  return member(await last(words), 'run');
}

function runWords(name: string, calls: Calls, more: readonly string[] = []): readonly string[] {
  const script = join(ground.folder, `${name}.json`);
  writeFileSync(script, scriptOf(name, [calls]));
  const model = ['--model', `scripted:${script}`];
  return ['run', 'Work', '--repo', ground.repository, ...model, ...more];
}

const reads: Calls = [['fs.read', { path: 'large.txt' }]];
const writes: Calls = [['fs.write', { path: 'new.txt', text: 'new\n' }]];
const verified = { ok: true, findings: [] };

describe('on a ledger in a database', () => {
  it('a snapshot is taken, and replay and the list of runs begin there', async () => {
    const id = await run('one', writes);
    expect(await last(['snapshot', id])).toMatchObject({ type: 'snapshot', run: id });
    const replayed = await last(['replay', id]);
    expect(replayed).toMatchObject({ equal: true, drift: [], refused: [], folded: 0 });
    expect(replayed['from']).toBeGreaterThan(0);
    await run('two', reads);
    for (const seen of [await lines(['runs']), await lines(['runs'])]) {
      expect(seen.map((line) => line['task'])).toEqual(['Work', 'Work']);
      expect(seen.map((line) => line['run'])).toContain(id);
    }
    expect(await last(['verify'])).toMatchObject(verified);
  });

  it('contents are pruned, and everything but they remains', async () => {
    const id = await run('one', reads);
    const blobs = 'SELECT count(*)::int AS blobs FROM chancery.blobs';
    expect(await stand.query(blobs)).toEqual([{ blobs: 1 }]);
    expect(await last(['prune', '--run', id, '--dry-run'])).toMatchObject({ runs: [id], by: null });
    expect(await stand.query(blobs)).toEqual([{ blobs: 1 }]);
    expect(await last(['prune', '--run', id, '--yes'])).toMatchObject({ runs: [id] });
    expect(await stand.query(blobs)).toEqual([{ blobs: 0 }]);
    expect(await last(['verify'])).toMatchObject({ ...verified, pruned: 1 });
    expect(await last(['replay', id])).toMatchObject({ equal: true });
    const shown = await lines(['show', id]);
    expect(shown.find(({ type }) => type === 'gone')).toMatchObject({ how: 'pruned' });
  });

  it('a subject is erased for every home, and its key by each home that has it', async () => {
    const id = await run('one', writes, ['--subject', 'ada@example.org']);
    const other = withHome(ground, 'other');
    cpSync(ground.home.folder, other.home.folder, { recursive: true });
    const words = ['erase', 'ada@example.org', '--yes'];
    expect(await last(words)).toMatchObject({ runs: [id] });
    for (const home of [ground, other]) {
      expect(member(await last(['runs'], home), 'task')).toMatch(/^\[erased by/);
    }
    expect(readdirSync(ground.home.subjects)).toEqual([]);
    expect(readdirSync(other.home.subjects)).toHaveLength(1);
    expect(await last(words, other)).toMatchObject({ runs: [id] });
    expect(readdirSync(other.home.subjects)).toEqual([]);
    for (const home of [ground, other]) {
      const seen = await last(['verify'], home);
      expect(seen).toMatchObject(verified);
      expect(seen['erased']).toBeGreaterThan(0);
    }
    expect(await last(['replay', id])).toMatchObject({ equal: true });
  });

  it('all is halted and cleared, for every home of the ledger', async () => {
    const other = withHome(ground, 'other');
    cpSync(ground.home.folder, other.home.folder, { recursive: true });
    expect(await last(['halt', '--reason', 'stop'])).toMatchObject({ type: 'halted' });
    expect(await codeOf(runWords('one', writes))).toBe('control.halted');
    expect(await last(['clear'], other)).toMatchObject({ type: 'cleared' });
    expect(await last(runWords('two', writes))).toMatchObject({ type: 'result' });
    expect(await last(['verify'], other)).toMatchObject(verified);
  });

  it('entries, growth and streams are proved, and the log is served', async () => {
    const before = member(await last(['checkpoint']), 'size');
    const id = await run('one', writes);
    const checkpoint = await last(['checkpoint']);
    const size = member(checkpoint, 'size');
    expect(Number(size)).toBeGreaterThan(Number(before));
    expect(await last(['prove', '0'])).toMatchObject({ proof: { type: 'inclusion' } });
    const growth = ['prove', '--consistency', before, size];
    expect(await last(growth)).toMatchObject({ proof: { type: 'consistency' } });
    expect(await last(['prove', '--stream', `run:${id}`])).toMatchObject({
      proof: { type: 'head' },
    });
    const serving = start(ground, ['log', 'serve', '--listen', '127.0.0.1:0', '--json']);
    const said = JSON.parse(
      await saidLine(serving, (line) => line.includes('"serving"')),
    ) as JsonObject;
    const bytes = await tilesOverHttp(member(said, 'url')).read('checkpoint');
    expect(new TextDecoder().decode(bytes)).toBe(checkpoint['note']);
    serving.child.kill('SIGTERM');
    expect((await serving.ended).exit).toBe(0);
  });

  it('it is exported whole and in part, as the bytes say that came before', async () => {
    const id = await run('one', writes);
    await last(['checkpoint']);
    const whole = (await chancery(ground, ['export'])).stdout;
    expect((await chancery(ground, ['export'])).stdout).toBe(whole);
    const part = join(ground.folder, 'part');
    const words = ['export', '--stream', `run:${id}`, '--to', part];
    expect(await last(words)).toMatchObject({ streams: ['ledger', `run:${id}`] });
    expect(await last(['import', part, '--dry-run'])).toMatchObject({ present: null });
  });
});

describe('join', () => {
  const ledgerOf = async (): Promise<string> => member(await last(['verify']), 'ledger');

  it('pins a ledger of the database, which a home then reads, and runs on with its keys', async () => {
    const id = await ledgerOf();
    const env = { CHANCERY_DATABASE_URL: stand.roleUrl() };
    const reader = withHome(ground, 'joined');
    const first = linesOf(await chancery(reader, ['join', id, '--json'], { env }));
    expect(first).toMatchObject([{ type: 'ledger', ledger: id, name: 'team', owner: null }]);
    expect(JSON.stringify(first)).not.toContain(stand.password);
    expect((await chancery(reader, ['verify'], { env })).exit).toBe(0);
    const refused = await chancery(reader, [...runWords('one', writes), '--json'], { env });
    expect(linesOf(refused).at(-1)).toMatchObject({ code: 'key.missing' });
    cpSync(ground.home.keys, reader.home.keys, { recursive: true });
    expect((await chancery(reader, runWords('one', writes), { env })).exit).toBe(0);
    expect(await lines(['runs'])).toHaveLength(1);
    const again = await chancery(reader, ['join', id, '--json'], { env });
    expect(linesOf(again).at(-1)).toMatchObject({ code: 'ledger.exists' });
  });

  it('lets a second server run with a key of its own, and sign heads once a root has said so', async () => {
    const env = { CHANCERY_DATABASE_URL: stand.roleUrl() };
    const second = withHome(ground, 'second');
    const on = async (words: readonly string[]): Promise<readonly JsonObject[]> =>
      linesOf(await chancery(second, [...words, '--json'], { env }));
    await on(['join', await ledgerOf()]);
    const [made = {}] = await on(['keys', 'create']);
    const key = member(made, 'key');
    const file = join(ground.folder, 'second.writ');
    await last(['writ', 'issue', file, '--subject', key]);
    const words = [...runWords('one', writes), '--writ', file];
    expect((await on(words)).at(-1)).toMatchObject({ status: { outcome: 'succeeded' } });
    expect((await on(['checkpoint'])).at(-1)).toMatchObject({ code: 'checkpoint.invalid' });
    expect(existsSync(join(second.home.tiles, 'checkpoint'))).toBe(false);
    await last(['keys', 'trust', key, '--label', 'second', '--purpose', 'run']);
    expect((await on(['checkpoint']))[0]).toMatchObject({ type: 'checkpoint' });
    expect(await last(['verify'])).toMatchObject(verified);
  });

  it('signs no head on one server while another lets the tree grow', async () => {
    await last(['checkpoint']);
    const lease = postgresTreeLease({ url: stand.urlOf({}), ledger: 'team' });
    const held = await lease.acquire();
    const kept = readFileSync(join(ground.home.tiles, 'checkpoint'), 'utf8');
    const refused = await codeOf(['checkpoint']);
    await held?.release();
    expect(refused).toBe('ledger.busy');
    expect(readFileSync(join(ground.home.tiles, 'checkpoint'), 'utf8')).toBe(kept);
    expect(await last(['checkpoint'])).toMatchObject({ type: 'checkpoint' });
  });

  it('refuses an id that is not there, and keys that the ledger does not trust', async () => {
    const id = await ledgerOf();
    const env = { CHANCERY_DATABASE_URL: stand.roleUrl() };
    const at = withHome(ground, 'joined');
    for (const [words, code] of [
      [['join', '0'.repeat(64)], 'ledger.missing'],
      [['join', 'team'], 'usage.invalid'],
    ] as const) {
      const ended = await chancery(at, [...words, '--json'], { env });
      expect(linesOf(ended).at(-1)).toMatchObject({ code });
    }
    expect(existsSync(at.home.folder)).toBe(false);
    const stranger = withHome(ground, 'stranger');
    expect((await chancery(stranger, ['init'])).exit).toBe(0);
    cpSync(stranger.home.keys, at.home.keys, { recursive: true });
    const ended = await chancery(at, ['join', id, '--json'], { env });
    expect(linesOf(ended).at(-1)).toMatchObject({ code: 'key.invalid' });
    expect(existsSync(at.home.config)).toBe(false);
  });
});
