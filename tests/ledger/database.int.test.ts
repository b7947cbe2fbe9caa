import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openPostgresStore } from '@chancery/adapters/store-postgres';
import { openSqliteStore } from '@chancery/adapters/store-sqlite';
import { openEntry, type Head, type SealedEntry } from '@chancery/kernel/ledger';
import { chancery, saidLine, start } from '../ground/command.ts';
import type { Ground } from '../ground/ground.ts';
import { scriptOf } from '../ground/house.ts';
import { DatabaseStand, linesOf, runWords, withHome } from './database-stand.ts';

let stand: DatabaseStand;
let ground: Ground;
let role: string;
let password: string;

beforeAll(async () => {
  stand = await DatabaseStand.start();
  ({ role, password } = stand);
});

afterAll(() => stand.stop());

beforeEach(async () => {
  ground = await stand.open();
});

afterEach(() => stand.close());

async function refusalOf(words: readonly string[], url?: string): Promise<unknown> {
  const env = url === undefined ? {} : { CHANCERY_DATABASE_URL: url };
  const ended = await chancery(ground, [...words, '--json'], { env });
  const { exit, stdout, stderr } = ended;
  expect(stdout + stderr).not.toContain(password);
  const error = linesOf(ended).at(-1) ?? {};
  return { exit, code: error['code'], remedy: error['remedy'] };
}

async function entriesOnPostgres(): Promise<readonly SealedEntry[]> {
  const store = await openPostgresStore({ url: stand.urlOf({}), ledger: 'team' });
  try {
    return (await store.readAll(0, 10_000)).map((stored) => openEntry(stored));
  } finally {
    await store.close();
  }
}

/** Appends entries one by one to a SQLite ledger. */
async function copyTo(path: string, entries: readonly SealedEntry[]): Promise<void> {
  const store = openSqliteStore({ path, create: true });
  const heads = new Map<string, Head>();
  for (const sealed of entries) {
    const { stream, seq } = sealed.entry;
    const writes = [{ stream, head: heads.get(stream) ?? null }];
    const outcome = await store.append({ entries: [sealed], writes, reads: [], blobs: [] });
    expect(outcome.kind).toBe('appended');
    heads.set(stream, { seq, digest: sealed.digest });
  }
  await store.close();
}

describe('a ledger in a database', () => {
  it('is founded by the owner of the tables, and runs, verifies and replays as the restricted role', async () => {
    await stand.found();
    const ran = await chancery(ground, runWords(ground, 'one'));
    expect({ exit: ran.exit, stderr: ran.stderr }).toEqual({ exit: 0, stderr: '' });
    const result = linesOf(ran).findLast(({ type }) => type === 'result') ?? {};
    const run = (result['run'] as string | undefined) ?? '';
    for (const words of [['verify'], ['replay', run], ['audit', run], ['show', run], ['runs']]) {
      const { exit, stderr } = await chancery(ground, words);
      expect({ words, exit, stderr }).toEqual({ words, exit: 0, stderr: '' });
    }
    const doctor = linesOf(await chancery(ground, ['doctor', '--json']));
    const seen = doctor.find(({ name }) => name === 'database') ?? {};
    expect(seen).toMatchObject({ state: 'ok', code: null });
    expect(seen['detail']).toContain(`in plain text; ${role} may append and read`);
    expect(JSON.stringify(doctor)).not.toContain(password);
  });

  it('takes the runs of two homes at once, and gives the tree that SQLite has of the same entries', async () => {
    await stand.found();
    const other = withHome(ground, 'other');
    cpSync(ground.home.folder, other.home.folder, { recursive: true });
    const both = [start(ground, runWords(ground, 'one')), start(other, runWords(ground, 'two'))];
    const ended = await Promise.all(both.map((running) => running.ended));
    expect(ended.map(({ exit, stderr }) => ({ exit, stderr }))).toEqual([
      { exit: 0, stderr: '' },
      { exit: 0, stderr: '' },
    ]);
    expect((await chancery(other, ['verify'])).exit).toBe(0);
    const entries = await entriesOnPostgres();
    const file = withHome(ground, 'file');
    mkdirSync(file.home.folder, { mode: 0o700 });
    cpSync(ground.home.keys, file.home.keys, { recursive: true });
    const config = JSON.parse(readFileSync(ground.home.config, 'utf8')) as object;
    writeFileSync(file.home.config, JSON.stringify({ ...config, database: undefined }));
    await copyTo(file.home.ledger, entries);
    const checkpoints: unknown[] = [];
    for (const at of [ground, other, file]) {
      const [line = {}] = linesOf(await chancery(at, ['checkpoint', '--json']));
      checkpoints.push(line['note']);
    }
    expect(checkpoints[0]).toContain(`\n${entries.length}\n`);
    expect(new Set(checkpoints).size).toBe(1);
  });

  it('has one driver for each run, whichever home drives it', async () => {
    await stand.found();
    const script = join(ground.folder, 'held.json');
    const shared = join(ground.folder, 'shared');
    const waiting = join(shared, 'go');
    mkdirSync(shared);
    const command = `until [ -e ${waiting} ]; do sleep 0.02; done`;
    writeFileSync(script, scriptOf('held', [[['shell.run', { command }]]]));
    const words = ['run', 'Wait', '--repo', ground.repository, '--model', `scripted:${script}`];
    const running = start(ground, [...words, '--share', shared, '--json', '--no-wait']);
    const started = await saidLine(running, (line) => line.includes('execution.started'));
    const run = /"stream":"run:([0-9a-z]+)"/.exec(started)?.[1] ?? '';
    const other = withHome(ground, 'other');
    cpSync(ground.home.folder, other.home.folder, { recursive: true });
    const ended = await chancery(other, ['resume', run, '--json']);
    expect(linesOf(ended).at(-1)).toMatchObject({ code: 'run.driven' });
    writeFileSync(waiting, '');
    expect((await running.ended).exit).toBe(0);
  });

  it('founded by the owner alone, tells how to make the role that runs need', async () => {
    const words = ['init', '--database', '--name', 'team'];
    const { exit, stdout } = await chancery(ground, words, { env: stand.ownerEnv() });
    expect(exit).toBe(0);
    expect(stdout).not.toContain(new URL(stand.urlOf({})).password);
    const statements = stdout
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line.startsWith('GRANT'));
    const client = new Client({ connectionString: stand.urlOf({}) });
    await client.connect();
    await client.query(statements.join('\n').replaceAll('chancery_runtime', role));
    await client.end();
    const env = { CHANCERY_DATABASE_URL: stand.roleUrl() };
    expect((await chancery(ground, runWords(ground, 'one'), { env })).exit).toBe(0);
    const asOwner = linesOf(
      await chancery(ground, ['doctor', '--json'], { env: stand.ownerEnv() }),
    );
    expect(asOwner.find(({ name }) => name === 'database')).toMatchObject({ state: 'warn' });
  });
});

describe('init --database in a home that is on one already', () => {
  it('brings the tables to this version and grants a role, and founds nothing', async () => {
    const words = ['init', '--database', '--name', 'team', '--json'];
    const first = linesOf(await chancery(ground, words, { env: stand.ownerEnv() }));
    const client = new Client({ connectionString: stand.urlOf({}) });
    await client.connect();
    await client.query(`DELETE FROM chancery.migrations WHERE version > 2;
CREATE FUNCTION chancery.grow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`);
    const runsAsOwner = (): Promise<unknown> => refusalOf(['runs'], stand.urlOf({}));
    expect(await runsAsOwner()).toMatchObject({ exit: 2, code: 'ledger.missing' });
    const again = [...words, '--runtime-role', role];
    expect(linesOf(await chancery(ground, again, { env: stand.ownerEnv() }))).toEqual(first);
    const { rows } = await client.query('SELECT max(version) FROM chancery.migrations');
    expect(rows).toEqual([{ max: 3 }]);
    await client.end();
    const env = { CHANCERY_DATABASE_URL: stand.roleUrl() };
    expect((await chancery(ground, ['verify'], { env })).exit).toBe(0);
    expect(await refusalOf(['init'])).toMatchObject({ exit: 8, code: 'ledger.exists' });
    const other = ['init', '--database', '--name', 'another'];
    expect(await refusalOf(other, stand.urlOf({}))).toMatchObject({
      ...{ exit: 8, code: 'ledger.exists' },
    });
  });

  it('is refused with a role that the server does not know', async () => {
    const words = ['init', '--database', '--name', 'team', '--runtime-role', 'nobody_here'];
    expect(await refusalOf(words, stand.urlOf({}))).toMatchObject({
      ...{ exit: 2, code: 'usage.invalid' },
      remedy: 'Make the role first (CREATE ROLE … LOGIN), or name one that is there.',
    });
  });
});

describe('a command is refused, with what to do', () => {
  it('where no address is given, or others may read it', async () => {
    await stand.found();
    chmodSync(ground.home.databaseFile, 0o644);
    const { databaseFile: file } = ground.home;
    expect(await refusalOf(['verify'])).toEqual({
      exit: 2,
      code: 'key.exposed',
      remedy: `chmod 600 ${file}, and make it your own; then change the password.`,
    });
    const bare = withHome(ground, 'bare');
    const ended = await chancery(bare, ['init', '--database', '--json']);
    expect(ended.exit).toBe(2);
    expect(linesOf(ended).at(-1)).toMatchObject({ code: 'usage.invalid' });
  });

  it('where the server, the password, the database, the rights or the ledger are not there', async () => {
    await stand.found();
    const unreachable = { exit: 1, code: 'ledger.unreachable' };
    expect(await refusalOf(['verify'], stand.urlOf({ port: '1' }))).toEqual({
      ...unreachable,
      remedy: 'Check the host and the port of the database’s address, and that its server runs.',
    });
    const wrong = stand.urlOf({ username: role, password: `${password}-no` });
    expect(await refusalOf(['runs'], wrong)).toEqual({
      ...unreachable,
      remedy: 'Check the role and the password of the database’s address.',
    });
    const nowhere = stand.urlOf({ username: role, password, pathname: '/nowhere' });
    expect(await refusalOf(['runs'], nowhere)).toEqual({
      ...unreachable,
      remedy: 'Make the database (createdb), or name another one in the address.',
    });
    await stand.owner.query(`CREATE ROLE ${role}_bare LOGIN PASSWORD '${password}'`);
    const bare = stand.urlOf({ username: `${role}_bare`, password });
    expect(await refusalOf(['runs'], bare)).toEqual({
      ...unreachable,
      remedy:
        'Have the owner of the tables grant the role its rights: `chancery init --database` tells them.',
    });
    await stand.owner.query(`DROP ROLE ${role}_bare`);
    expect(await refusalOf(['runs'], stand.urlOf({ pathname: '/postgres' }))).toEqual({
      exit: 2,
      code: 'ledger.missing',
      remedy: 'Run `chancery init --database` with the address of a role that may make a schema.',
    });
    const renamed = JSON.parse(readFileSync(ground.home.config, 'utf8')) as object;
    writeFileSync(ground.home.config, JSON.stringify({ ...renamed, database: 'nobody' }));
    expect(await refusalOf(['runs'])).toEqual({
      exit: 2,
      code: 'ledger.missing',
      remedy: 'Name the database that holds the ledger, or restore it there from a copy.',
    });
  });

  it('where the name is taken by the ledger of another', async () => {
    await stand.found();
    const other = withHome(ground, 'other');
    const words = ['init', '--database', '--name', 'team', '--json'];
    const ended = await chancery(other, words, { env: stand.ownerEnv() });
    expect({ exit: ended.exit, line: linesOf(ended).at(-1) }).toMatchObject({
      exit: 8,
      line: { code: 'ledger.exists' },
    });
  });
});
