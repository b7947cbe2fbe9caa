import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Stand } from '../cli-fixture.ts';

let stand: Stand;

beforeEach(() => {
  stand = new Stand();
});

afterEach(() => {
  stand.remove();
});

const modeOf = (folder: string): number => statSync(folder).mode & 0o777;

async function said(words: readonly string[], env?: Readonly<Record<string, string>>) {
  const { exit, lines } = await stand.json(words, env);
  return { exit, code: lines.at(-1)?.['code'], remedy: lines.at(-1)?.['remedy'] };
}

async function look(name: string) {
  const { lines } = await stand.json(['doctor']);
  return lines.find((line) => line['name'] === name);
}

describe('a home', () => {
  it.each(['notes.txt', 'keystore', 'team', '.git'])(
    'is not made of a folder that holds other things, which stays as it is: %s',
    async (name) => {
      mkdirSync(stand.home);
      chmodSync(stand.home, 0o755);
      writeFileSync(join(stand.home, name), 'mine');
      const CHANCERY_DATABASE_URL = 'postgres://nobody@127.0.0.1:9/team';
      const refused = await said(['init'], { CHANCERY_DATABASE_URL });
      expect(refused).toMatchObject({ exit: 2, code: 'usage.invalid' });
      expect(readdirSync(stand.home)).toEqual([name]);
      expect(modeOf(stand.home)).toBe(0o755);
    },
  );

  it('is made of what was left of one', async () => {
    mkdirSync(stand.home, { mode: 0o700 });
    for (const name of ['.config.json.1.tmp', 'config.json.1.new', 'ledger.db-journal']) {
      writeFileSync(join(stand.home, name), '');
    }
    expect(await said(['init'])).toMatchObject({ exit: 0 });
  });

  it('is not made in a checkout', async () => {
    stand.makeRepo();
    const CHANCERY_HOME = join(stand.repo, 'deep', '.chancery');
    expect(await said(['init'], { CHANCERY_HOME })).toMatchObject({
      ...{ exit: 2, code: 'key.exposed' },
      remedy: 'Set CHANCERY_HOME to a folder outside of every repository.',
    });
    expect(existsSync(CHANCERY_HOME)).toBe(false);
  });

  it('may lie in the folder of its user, where that is a checkout, and no run works on that', async () => {
    stand.makeRepo();
    renameSync(join(stand.repo, '.git'), join(stand.folder, '.git'));
    await stand.found();
    const model = stand.script({ say: 'x' });
    const refused = await said(['run', 'x', '--repo', stand.folder, '--model', model]);
    expect(refused).toMatchObject({ exit: 2, code: 'key.exposed' });
    expect(refused.remedy).toContain(`Move ${stand.home} out of the repository`);
    expect(existsSync(join(stand.home, 'worktrees'))).toBe(false);
    expect(await look('home')).toMatchObject({ state: 'warn', code: 'key.exposed' });
  });

  it.each(['777', '770', '1777'])('that others may change (mode %s) is not used', async (mode) => {
    await stand.init();
    chmodSync(stand.home, Number.parseInt(mode, 8));
    const remedy = `Let nobody else in: chmod 700 ${stand.home}.`;
    expect(await said(['runs'])).toEqual({ exit: 2, code: 'key.exposed', remedy });
    expect(await look('controls')).toMatchObject({ state: 'fail', code: 'key.exposed' });
  });

  it.skipIf(process.getuid?.() !== 0)('of another user is none of yours', async () => {
    // Only the administrator can give a folder away.
    await stand.init();
    chownSync(stand.home, 65_534, 65_534);
    expect(await look('home')).toMatchObject({ state: 'fail' });
  });
});

describe('the folder of a key', () => {
  it('that others may change has no key in it', async () => {
    await stand.init();
    const keys = join(stand.home, 'keys');
    chmodSync(keys, 0o777);
    const model = stand.script({ say: 'x' });
    stand.makeRepo();
    expect(await said(['run', 'x', '--repo', stand.repo, '--model', model])).toEqual({
      ...{ exit: 2, code: 'key.exposed' },
      remedy: `Let nobody else change it: chmod go-w ${keys}.`,
    });
    expect(await look('owner key')).toMatchObject({ state: 'fail', code: 'key.exposed' });
  });
});

it.skipIf(process.getuid?.() !== 0)('a folder of another user has no key of yours', async () => {
  // Only the administrator can give a folder away.
  await stand.init();
  chownSync(join(stand.home, 'keys'), 65_534, 65_534);
  expect(await look('owner key')).toMatchObject({
    ...{ state: 'fail', code: 'key.exposed' },
    remedy: 'Keep your keys in a folder of your own.',
  });
});

describe('doctor', () => {
  it('does not know what is halted where the home cannot be read', async () => {
    await stand.init();
    const config = join(stand.home, 'config.json');
    rmSync(config);
    mkdirSync(config);
    expect(await look('controls')).toMatchObject({ state: 'fail', code: 'ledger.unreachable' });
  });

  it('does not say that nothing is halted beside a switch, founded or not', async () => {
    mkdirSync(stand.home, { mode: 0o700 });
    writeFileSync(join(stand.home, 'halt'), '');
    expect(await look('controls')).toMatchObject({ state: 'fail' });
  });
});

it('keys that were copied into a repository are shown to nobody', async () => {
  await stand.init();
  stand.makeRepo();
  const other = new Stand();
  await other.found();
  const copies = { 'ours.json': stand, 'theirs.json': other };
  for (const [name, { home }] of Object.entries(copies)) {
    cpSync(join(home, 'keys/owner.key.json'), join(stand.repo, name));
  }
  const seeds = Object.values(copies).map(({ home }) => {
    const text = readFileSync(join(home, 'keys/owner.key.json'), 'utf8');
    return (JSON.parse(text) as { readonly seed: string }).seed;
  });
  other.remove();
  stand.git('add', '-A');
  stand.git('commit', '-q', '-m', 'keys');
  const calls = Object.keys(copies).flatMap((path) => [
    { name: 'fs.read', args: { path } },
    { name: 'shell.run', args: { command: `cat ${path}` } },
  ]);
  const encoded = { name: 'shell.run', args: { command: 'base64 -w0 ours.json' } };
  const model = stand.script({ calls: [...calls, encoded] }, { say: 'Done.' });
  const ran = await stand.json(['run', 'Look', '--repo', stand.repo, '--model', model]);
  expect(ran.exit).toBe(0);
  const [run] = (await stand.json(['runs'])).lines.map((line) => line['run']);
  const audited = await stand.run(['audit', String(run), '--json']);
  const told = JSON.stringify(ran.lines) + audited.stdout;
  expect(told).toContain('chancery-key');
  const whole = readFileSync(join(stand.repo, 'ours.json'));
  const begin = Math.ceil((whole.indexOf(seeds[0] ?? '') * 4) / 3) + 4;
  const inBase64 = whole.toString('base64').slice(begin, begin + 40);
  for (const text of [...seeds, inBase64]) {
    expect(told).not.toContain(text);
  }
  for (const seed of seeds) {
    expect(readFileSync(join(stand.home, 'ledger.db')).includes(seed)).toBe(false);
  }
});
