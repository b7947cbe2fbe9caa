import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openAlone } from '@chancery/adapters/owner-socket';
import { openPostgresStore } from '@chancery/adapters/store-postgres';
import { openSqliteStore } from '@chancery/adapters/store-sqlite';
import type { JsonObject } from '@chancery/kernel/encoding';
import { chancery } from '../ground/command.ts';
import type { Ground } from '../ground/ground.ts';
import { DatabaseStand, linesOf, runWords, withHome } from './database-stand.ts';

let stand: DatabaseStand;
/** A home whose ledger is a file, with a run and a checkpoint. */
let file: Ground;
/** A home without a ledger yet, that has the address of the database. */
let team: Ground;

beforeAll(async () => {
  stand = await DatabaseStand.start();
});

afterAll(() => stand.stop());

beforeEach(async () => {
  const ground = await stand.open();
  file = withHome(ground, 'file');
  team = withHome(ground, 'team');
  expect(await say(file, ['init', '--name', 'ours'])).toMatchObject({ exit: 0 });
  await grow(file, 'one');
});

afterEach(() => stand.close());

/** The last line of a command, with its exit code; the address of the database is known to it. */
async function say(ground: Ground, words: readonly string[]): Promise<JsonObject> {
  const ended = await chancery(ground, [...words, '--json'], { env: stand.ownerEnv() });
  expect(ended.stdout + ended.stderr).not.toContain(new URL(stand.urlOf({})).password);
  return { exit: ended.exit, ...linesOf(ended).at(-1) };
}

/** A run and a checkpoint more; the note of the checkpoint. */
async function grow(ground: Ground, name: string): Promise<unknown> {
  expect(await say(ground, runWords(ground, name).slice(0, -1))).toMatchObject({ exit: 0 });
  const said = await say(ground, ['checkpoint']);
  expect(said).toMatchObject({ exit: 0 });
  return said['note'];
}

const at = (name: string): string => join(file.folder, name);

async function exported(ground: Ground, name: string): Promise<string> {
  const said = await say(ground, ['export', '--to', at(name)]);
  expect(said).toMatchObject({ exit: 0, type: 'export' });
  return readFileSync(at(name), 'utf8');
}

const importWords = (name: string): readonly string[] => [
  ...['import', at(name), '--database', '--name', 'team'],
];

const countTables = "SELECT count(*)::int AS tables FROM pg_tables WHERE schemaname = 'chancery'";

describe('a ledger that is moved', () => {
  it('into a database and back has the same head, and its export the same bytes', async () => {
    const first = await exported(file, 'first');
    const founded = await say(team, importWords('first'));
    expect(founded).toMatchObject({ exit: 0, type: 'import', present: 0 });
    expect(existsSync(team.home.ledger)).toBe(false);
    expect(await exported(team, 'same')).toBe(first);
    expect(await say(team, importWords('first'))).toMatchObject({
      exit: 0,
      present: founded['appended'],
      appended: 0,
    });
    cpSync(file.home.keys, team.home.keys, { recursive: true });
    expect((await say(team, ['checkpoint']))['note']).toBe(
      (await say(file, ['checkpoint']))['note'],
    );
    const note = await grow(team, 'two');
    const longer = await exported(team, 'longer');
    const back = await say(file, ['import', at('longer')]);
    expect(back).toMatchObject({ exit: 0, present: founded['appended'] });
    expect(back['appended']).toBeGreaterThan(0);
    expect(await exported(file, 'back')).toBe(longer);
    expect((await say(file, ['checkpoint']))['note']).toBe(note);
    for (const ground of [file, team]) {
      expect(await say(ground, ['verify'])).toMatchObject({ exit: 0, ok: true });
    }
  });

  it('goes on where an import was cut off before the ledger was pinned', async () => {
    await exported(file, 'first');
    const begun = await say(team, importWords('first'));
    await grow(file, 'two');
    const longer = await exported(file, 'longer');
    const late = withHome(file, 'late');
    const gone = await say(late, importWords('longer'));
    expect(gone).toMatchObject({ exit: 0, present: begun['appended'] });
    expect(gone['appended']).toBeGreaterThan(0);
    expect(await exported(late, 'same')).toBe(longer);
  });

  it('that has gone on otherwise is refused and left as it was, on either side', async () => {
    await exported(file, 'first');
    await say(team, importWords('first'));
    cpSync(file.home.keys, team.home.keys, { recursive: true });
    const notes = [await grow(file, 'here'), await grow(team, 'there')];
    await exported(file, 'here');
    await exported(team, 'there');
    expect(await say(team, ['import', at('here')])).toMatchObject({ code: 'ledger.forked' });
    expect(await say(file, ['import', at('there')])).toMatchObject({ code: 'ledger.forked' });
    const after = [await say(file, ['checkpoint']), await say(team, ['checkpoint'])];
    expect(after.map(({ note }) => note)).toEqual(notes);
  });
});

describe('an import that is refused', () => {
  it('makes no home, no file, no table', async () => {
    await exported(file, 'whole');
    cpSync(at('whole'), at('short'));
    truncateSync(at('short'), 20_000);
    writeFileSync(at('letter'), 'Dear\n');
    for (const [name, code] of [
      ['short', 'export.truncated'],
      ['letter', 'export.invalid'],
    ] as const) {
      for (const words of [importWords(name), ['import', at(name)]]) {
        expect(await say(team, words)).toMatchObject({ code });
      }
    }
    const other = '0'.repeat(64);
    for (const words of [importWords('whole'), ['import', at('whole')]]) {
      expect(await say(team, [...words, '--ledger', other])).toMatchObject({
        code: 'export.foreign',
      });
    }
    expect(existsSync(team.home.folder)).toBe(false);
    expect(await stand.query(countTables)).toEqual([{ tables: 0 }]);
  });

  it('says which place was meant', async () => {
    await exported(file, 'whole');
    const refused = { exit: 2, code: 'usage.invalid' };
    expect(await say(team, ['import', at('whole'), '--database'])).toMatchObject(refused);
    expect(await say(team, ['import', at('whole'), '--name', 'team'])).toMatchObject(refused);
    expect(await say(file, importWords('whole'))).toMatchObject(refused);
    await say(team, importWords('whole'));
    const renamed = ['import', at('whole'), '--database', '--name', 'other'];
    expect(await say(team, renamed)).toMatchObject(refused);
    expect(readdirSync(team.home.folder)).not.toContain('ledger.db');
  });
});

describe('while a ledger is imported', () => {
  it('nobody else writes it, and while somebody writes it nothing is imported', async () => {
    const first = await exported(file, 'first');
    await say(team, importWords('first'));
    cpSync(file.home.keys, team.home.keys, { recursive: true });
    const url = stand.urlOf({});
    const importing = await openPostgresStore({ url, ledger: 'team', alone: true });
    const busy = { code: 'ledger.busy' };
    const told = [['halt'], importWords('first'), ['verify']].map((words) => say(team, words));
    expect(await Promise.all(told)).toMatchObject([busy, busy, { exit: 0 }]);
    await importing.close();
    expect(await say(team, ['halt'])).toMatchObject({ exit: 0 });
    expect(await exported(team, 'same')).toBe(first);
  });

  it('so it is for one that is a file', async () => {
    await exported(file, 'first');
    const { folder, ledger: path } = file.home;
    const importing = await openAlone({ folder, openOwned: () => openSqliteStore({ path }) });
    const busy = { code: 'ledger.busy' };
    const words = [['halt'], ['import', at('first')], ['verify']];
    const told = await Promise.all(words.map((each) => say(file, each)));
    expect(told).toMatchObject([busy, busy, { exit: 0 }]);
    await importing.close();
    expect(await say(file, ['halt'])).toMatchObject({ exit: 0 });
    expect(await say(file, ['import', at('first')])).toMatchObject({ exit: 0, appended: 0 });
  });
});
