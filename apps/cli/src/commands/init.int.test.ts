import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Stand, type JsonLine } from '../cli-fixture.ts';

let stand: Stand;

beforeEach(() => {
  stand = new Stand();
});

afterEach(() => {
  stand.remove();
});

const mode = (...path: readonly string[]): number =>
  statSync(join(stand.home, ...path)).mode & 0o777;

describe('init', () => {
  it('founds a ledger that is for its user alone, and tells its id', async () => {
    const { exit, lines } = await stand.json(['init', '--name', 'mine']);
    expect(exit).toBe(0);
    const [ledger] = lines;
    expect(ledger).toMatchObject({ type: 'ledger', name: 'mine', folder: stand.home });
    expect(JSON.parse(readFileSync(join(stand.home, 'config.json'), 'utf8'))).toEqual({
      v: 1,
      ledger: ledger?.['ledger'],
      name: 'mine',
    });
    expect(mode()).toBe(0o700);
    expect(mode('keys')).toBe(0o700);
    for (const file of [
      'ledger.db',
      'config.json',
      'keys/owner.key.json',
      'keys/runtime.key.json',
    ]) {
      expect({ file, mode: mode(file) }).toEqual({ file, mode: 0o600 });
    }
    expect((await stand.run(['verify'])).exit).toBe(0);
    expect((await stand.run(['runs'])).stdout).toContain('No run yet');
  });

  it('takes a folder that is there from everybody else', async () => {
    mkdirSync(stand.home, { mode: 0o755 });
    chmodSync(stand.home, 0o755);
    await stand.found();
    expect(mode()).toBe(0o700);
  });

  it('founds no second one', async () => {
    await stand.init();
    const before = readFileSync(join(stand.home, 'config.json'), 'utf8');
    const { exit, lines } = await stand.json(['init']);
    expect({ exit, code: lines[0]?.['code'] }).toEqual({ exit: 8, code: 'ledger.exists' });
    expect(readFileSync(join(stand.home, 'config.json'), 'utf8')).toBe(before);
  });

  it('founds no other one where the home has one of a database', async () => {
    mkdirSync(stand.home, { mode: 0o700 });
    const pinned = { v: 1, ledger: '0'.repeat(64), name: 'mine', database: 'mine' };
    writeFileSync(join(stand.home, 'config.json'), JSON.stringify(pinned));
    const env = { CHANCERY_DATABASE_URL: 'postgres://nobody@127.0.0.1:9/x' };
    const { exit, lines } = await stand.json(['init', '--database', '--name', 'another'], env);
    expect({ exit, line: lines[0] }).toMatchObject({ exit: 8, line: { code: 'ledger.exists' } });
    expect(lines[0]?.['message']).toContain('has the ledger mine of its database');
  });

  it('that two processes begin at once founds one', async () => {
    const both = await Promise.all([stand.json(['init']), stand.json(['init'])]);
    const exits = both.map(({ exit }) => exit);
    expect(exits).toContain(0);
    expect(exits.filter((exit) => exit !== 0 && exit !== 8)).toEqual([]);
    expect((await stand.run(['verify'])).exit).toBe(0);
  });

  it('leaves alone what another process is about to put in place', async () => {
    const draft = join(stand.home, 'config.json.new');
    mkdirSync(stand.home);
    writeFileSync(draft, 'of another');
    await stand.found();
    expect(readFileSync(draft, 'utf8')).toBe('of another');
  });

  it.each([60, 150, 240])('that was killed after %i ms is completed by the next', async (ms) => {
    const { child, ended } = stand.start(['init']);
    setTimeout(() => child.kill('SIGKILL'), ms);
    await ended;
    const { exit } = await stand.run(['init']);
    expect([0, 8]).toContain(exit);
    expect((await stand.run(['verify'])).exit).toBe(0);
    expect((await stand.run(['runs'])).exit).toBe(0);
  });

  it.each([
    ['below a folder that takes no other', '/proc/x', 'ledger.unreachable'],
    ['in a folder that holds other things', '/proc/self/fd', 'usage.invalid'],
    ['below a file', '/dev/null/x', 'ledger.unreachable'],
    ['under a name that is too long', `/tmp/${'a'.repeat(5_000)}`, 'usage.invalid'],
    ['under a path that is too long', `/tmp/${'a/'.repeat(300)}`, 'usage.invalid'],
  ])('is refused at once %s', async (_, home, code) => {
    const { exit, lines } = await stand.json(['init'], { CHANCERY_HOME: home });
    expect(lines.map((line) => line['code'])).toEqual([code]);
    expect(lines[0]?.['remedy']).not.toBe('');
    expect(exit).toBe(code === 'usage.invalid' ? 2 : 1);
  });

  it('is refused where nobody knows the home of the user, and help is not', async () => {
    const nowhere = { CHANCERY_HOME: '', HOME: '' };
    const { exit, stderr } = await stand.run(['init'], nowhere);
    expect({ exit, stderr }).toEqual({
      exit: 2,
      stderr:
        'error usage.invalid: there is no home folder to keep the ledger in\n' +
        '  Set CHANCERY_HOME to a folder of your own, or HOME to yours.\n',
    });
    expect((await stand.run(['init', '--help'], nowhere)).exit).toBe(0);
  });

  it('takes a relative CHANCERY_HOME from the folder that it is called in', async () => {
    const { exit, lines } = await stand.json(['init'], { CHANCERY_HOME: 'some/where' });
    expect({ exit, folder: lines[0]?.['folder'] }).toEqual({
      exit: 0,
      folder: join(stand.folder, 'some/where'),
    });
  });

  it('is refused where its folder is a file', async () => {
    writeFileSync(stand.home, '');
    const { exit, lines } = await stand.json(['init']);
    expect({ exit, type: lines[0]?.type }).toEqual({ exit: 1, type: 'error' });
    expect(lines[0]).toMatchObject({ code: 'ledger.unreachable', retryable: true });
  });
});

describe('doctor', () => {
  it('tells of entries that are dated after what the clock says', async () => {
    await stand.init();
    const shift = join(stand.folder, 'shift.mjs');
    const day = 86_400_000;
    writeFileSync(shift, `const now = Date.now; Date.now = () => now() - ${day};`);
    const { exit, lines } = await stand.json(['doctor'], { NODE_OPTIONS: `--import=${shift}` });
    const detail = expect.stringMatching(/^it is .* is dated .*, 2\d h.* later$/) as string;
    expect(exit).toBe(0);
    expect(lines).toContainEqual(expect.objectContaining({ name: 'clock', state: 'warn', detail }));
  });

  const statesOf = (lines: readonly JsonLine[]): Readonly<Record<string, unknown>> =>
    Object.fromEntries(lines.map((line) => [String(line['name']), line['state']]));

  it('finds everything that a run needs', async () => {
    await stand.init();
    const { exit, lines } = await stand.json(['doctor'], { OPENAI_API_KEY: 'some-key' });
    expect(exit).toBe(0);
    expect(statesOf(lines)).toEqual({
      ...{ node: 'ok', git: 'ok', home: 'ok', database: 'ok', ledger: 'ok', clock: 'ok' },
      // Whether control groups may be made is the machine's.
      sandbox: expect.stringMatching(/^(ok|warn)$/) as string,
      controls: 'ok',
      ...{
        'owner key': 'ok',
        'runtime key': 'ok',
        disk: expect.any(String) as string,
        models: 'ok',
      },
    });
    expect((await stand.run(['doctor'])).stdout).not.toContain('some-key');
  });

  it('warns of what is not there yet, with a remedy, and makes nothing', async () => {
    const { exit, lines } = await stand.json(['doctor']);
    expect(exit).toBe(0);
    expect(statesOf(lines)).toMatchObject({ home: 'warn', ledger: 'warn', 'owner key': 'warn' });
    const absent = lines.filter(({ code }) => code === 'ledger.missing');
    expect(absent.map(({ name }) => name)).toEqual(['home', 'ledger', 'owner key', 'runtime key']);
    const silent = lines.filter(({ state, remedy }) => state !== 'ok' && remedy === null);
    expect(silent).toEqual([]);
    expect(existsSync(stand.home)).toBe(false);
  });

  it.each([
    ['the owner key is gone', 'keys/owner.key.json', 'owner key', 'key.missing', 1],
    ['the ledger is gone', 'ledger.db', 'ledger', 'ledger.missing', 1],
  ])('fails where a ledger was founded and %s', async (_, ...rest) => {
    const [file, name, code, exit] = rest;
    await stand.init();
    rmSync(join(stand.home, file));
    const left = await stand.json(['doctor']);
    const failed = left.lines.filter(({ state }) => state === 'fail');
    expect({ exit: left.exit, failed }).toMatchObject({ exit, failed: [{ name, code }] });
    const remedy = failed[0]?.['remedy'];
    expect(remedy).toContain(`Restore ${join(stand.home, file)} from a copy`);
    stand.makeRepo();
    const model = stand.script({ say: 'x' });
    const run = await stand.json(['run', 'x', '--repo', stand.repo, '--model', model]);
    expect(run.lines).toMatchObject([{ type: 'error', code, remedy }]);
  });

  it('ends with 7 where the ledger is another than the one that is pinned', async () => {
    await stand.init();
    const config = join(stand.home, 'config.json');
    const text = readFileSync(config, 'utf8');
    writeFileSync(
      config,
      text.replace(/"ledger": "[0-9a-f]{64}"/, `"ledger": "${'0'.repeat(64)}"`),
    );
    const { exit, lines } = await stand.json(['doctor']);
    const found = lines.find(({ name }) => name === 'ledger');
    expect({ exit, found }).toMatchObject({
      exit: 7,
      found: { state: 'fail', code: 'ledger.corrupt' },
    });
  });

  it('fails where the home is, or lies below, a file', async () => {
    writeFileSync(stand.home, '');
    for (const CHANCERY_HOME of [stand.home, join(stand.home, 'x')]) {
      const { exit, lines } = await stand.json(['doctor'], { CHANCERY_HOME });
      expect(exit).toBe(1);
      expect(lines.find(({ name }) => name === 'home')).toMatchObject({
        state: 'fail',
        code: 'ledger.unreachable',
        detail: `${stand.home} is no folder`,
      });
    }
  });

  it('fails for a home and a key that others may touch', async () => {
    await stand.init();
    chmodSync(stand.home, 0o755);
    chmodSync(join(stand.home, 'keys/owner.key.json'), 0o644);
    const { exit, lines } = await stand.json(['doctor']);
    expect(exit).toBe(1);
    expect(statesOf(lines)).toMatchObject({
      home: 'fail',
      'owner key': 'fail',
      'runtime key': 'ok',
    });
  });

  it('fails without git', async () => {
    const { exit, lines } = await stand.json(['doctor'], { PATH: '/nowhere' });
    expect(exit).toBe(1);
    expect(statesOf(lines)).toMatchObject({ git: 'fail', node: 'ok' });
  });
});

it('an exposed key is not used', async () => {
  stand.makeRepo();
  await stand.init();
  chmodSync(join(stand.home, 'keys/owner.key.json'), 0o640);
  const model = stand.script({ say: 'x' });
  const { exit, lines } = await stand.json(['run', 'x', '--repo', stand.repo, '--model', model]);
  expect({ exit, code: lines[0]?.['code'] }).toEqual({ exit: 2, code: 'key.exposed' });
  expect(readdirSync(stand.home)).not.toContain('worktrees');
});
