import { chmodSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSqliteStore } from '@chancery/adapters/store-sqlite';
import type { RefusalCode } from '@chancery/kernel/refusal';
import { chancery } from '../ground/command.ts';
import { dropGround, git } from '../ground/ground.ts';
import {
  copyOf,
  damage,
  damageEntry,
  leftIn,
  linesOf,
  makePlace,
  refusalIn,
  runIn,
  type Place,
} from './place.ts';

let whole: Place;
beforeAll(async () => {
  whole = await makePlace();
});
afterAll(() => dropGround(whole));

interface Row {
  readonly name: string;
  readonly spoil: (place: Place) => void;
  readonly code: RefusalCode;
  readonly exit: number;
  readonly flags?: (place: Place) => readonly string[];
  readonly readOnly?: (place: Place) => string;
}

const repositories: readonly Row[] = [
  {
    name: 'a repository that is a file',
    spoil: () => undefined,
    flags: ({ script }) => ['--repo', script],
    code: 'repo.missing',
    exit: 2,
  },
  {
    name: 'a bare repository',
    spoil: ({ folder }) => git(folder, 'init', '--quiet', '--bare', 'bare.git'),
    flags: ({ folder }) => ['--repo', join(folder, 'bare.git')],
    code: 'repo.not-git',
    exit: 2,
  },
  {
    name: 'the git folder itself',
    spoil: () => undefined,
    flags: ({ repository }) => ['--repo', join(repository, '.git')],
    code: 'repo.not-git',
    exit: 2,
  },
  {
    name: 'a repository whose configuration git cannot read',
    spoil: ({ repository }) => writeFileSync(join(repository, '.git', 'config'), '[core\n'),
    code: 'repo.unreadable',
    exit: 2,
  },
  {
    name: 'a repository with a submodule',
    spoil: ({ repository }) => {
      const head = git(repository, 'rev-parse', 'HEAD').trimEnd();
      git(repository, 'update-index', '--add', '--cacheinfo', `160000,${head},module`);
      git(repository, 'commit', '--quiet', '--message', 'a submodule');
    },
    code: 'repo.nested',
    exit: 2,
  },
  {
    name: 'a repository on a read-only disk',
    spoil: () => undefined,
    readOnly: ({ repository }) => repository,
    code: 'repo.unreadable',
    exit: 2,
  },
  {
    name: 'a merge that is not finished',
    spoil: ({ repository }) => {
      git(repository, 'checkout', '--quiet', '-b', 'other');
      writeFileSync(join(repository, 'kept.txt'), 'theirs\n');
      git(repository, 'commit', '--quiet', '--all', '--message', 'theirs');
      git(repository, 'checkout', '--quiet', '-');
      writeFileSync(join(repository, 'kept.txt'), 'ours\n');
      git(repository, 'commit', '--quiet', '--all', '--message', 'ours');
      expect(() => git(repository, 'merge', '--quiet', 'other')).toThrow();
    },
    code: 'repo.dirty',
    exit: 2,
  },
];

const ledgers: readonly Row[] = [
  {
    name: 'a home that is a file',
    spoil: ({ home }) => {
      rmSync(home.folder, { recursive: true });
      writeFileSync(home.folder, '');
    },
    code: 'ledger.unreachable',
    exit: 1,
  },
  {
    name: 'a home on a read-only disk',
    spoil: () => undefined,
    readOnly: ({ home }) => home.folder,
    code: 'ledger.unreachable',
    exit: 1,
  },
  {
    name: 'a ledger that is gone',
    spoil: ({ home }) => rmSync(home.ledger),
    code: 'ledger.missing',
    exit: 2,
  },
  {
    name: 'a ledger that is empty',
    spoil: ({ home }) => writeFileSync(home.ledger, ''),
    code: 'ledger.missing',
    exit: 2,
  },
  {
    name: 'a ledger that is something else',
    spoil: ({ home }) => writeFileSync(home.ledger, 'no ledger at all\n'.repeat(500)),
    code: 'ledger.corrupt',
    exit: 7,
  },
  {
    name: 'a ledger that was cut short',
    spoil: ({ home }) => truncateSync(home.ledger, 8_192),
    code: 'ledger.corrupt',
    exit: 7,
  },
  {
    name: 'a ledger of a newer version',
    spoil: (place) => damage(place, (database) => database.exec('PRAGMA user_version = 99')),
    code: 'ledger.newer',
    exit: 2,
  },
  {
    name: 'a ledger that anybody may change',
    spoil: (place) =>
      damage(place, (database) => database.exec('DROP TRIGGER entries_refuse_update')),
    code: 'ledger.corrupt',
    exit: 7,
  },
  ...['ledger', 'policy'].map((stream): Row => ({
    name: `a damaged entry of the stream ${stream}`,
    spoil: (place) => damageEntry(place, stream, 0),
    code: 'ledger.corrupt',
    exit: 7,
  })),
  {
    name: 'another ledger than the one that is pinned',
    spoil: ({ home }) => {
      const config = readFileSync(home.config, 'utf8');
      writeFileSync(home.config, config.replace(/[0-9a-f]{64}/, '0'.repeat(64)));
    },
    code: 'ledger.corrupt',
    exit: 7,
  },
  {
    name: 'a pin that cannot be read',
    spoil: ({ home }) => writeFileSync(home.config, '{"v":1,'),
    code: 'ledger.corrupt',
    exit: 7,
  },
];

const keys: readonly Row[] = (['ownerKey', 'runtimeKey'] as const).flatMap((key): Row[] => [
  {
    name: `a key file that is gone: ${key}`,
    spoil: ({ home }) => rmSync(home[key]),
    code: 'key.missing',
    exit: 2,
  },
  {
    name: `a key file that others may read: ${key}`,
    spoil: ({ home }) => chmodSync(home[key], 0o644),
    code: 'key.exposed',
    exit: 2,
  },
  {
    name: `a key file that is something else: ${key}`,
    spoil: ({ home }) => writeFileSync(home[key], '{}'),
    code: 'key.invalid',
    exit: 2,
  },
]);

const titled = (rows: readonly Row[]) => rows.map((row) => [row.name, row.code, row] as const);

describe.each([
  ['its repository', repositories],
  ['its keys', keys],
])('a run is refused for the sake of %s, and nothing of it is left,', (_, rows) => {
  it.each(titled(rows))('with %s: %s', async (_name, _code, row) => {
    const place = await refused(row);
    const store = readSqliteStore(place.home.ledger);
    const streams = [...(await store.streams('run:')), ...(await store.streams('writ:'))];
    await store.close();
    expect(streams).toEqual([]);
  });
});

describe('a run is refused for the sake of its ledger, and nothing of it is left,', () => {
  it.each(titled(ledgers))('with %s: %s', async (_name, _code, row) => {
    await refused(row);
  });
});

describe('a damaged entry of a run', () => {
  let place: Place;
  let run: string;
  beforeAll(async () => {
    place = copyOf(whole, 'damaged-run');
    const result = linesOf(await runIn(place)).at(-1);
    run = typeof result?.['run'] === 'string' ? result['run'] : '';
    damageEntry(place, `run:${run}`, 3);
  });

  it.each(['show', 'audit', 'replay', 'world', 'resume', 'cancel', 'apply'])(
    'is named by %s, which does nothing',
    async (command) => {
      const head = git(place.repository, 'rev-parse', 'HEAD');
      const ended = await chancery(place, [command, run]);
      expect([ended.exit, ended.stderr.split(':', 2)]).toEqual([
        7,
        ['error ledger.corrupt', ' entry 3 of run'],
      ]);
      expect(git(place.repository, 'rev-parse', 'HEAD')).toBe(head);
    },
  );

  it('is found by verify, and does not keep another run from its work', async () => {
    expect((await runIn(place)).exit).toBe(0);
    const ended = await chancery(place, ['verify']);
    expect(ended.exit).toBe(7);
    expect(ended.stdout).toContain(`tampered entry.unreadable  entry 3 of run:${run} `);
  });
});

async function refused({ name, spoil, flags, readOnly, code, exit }: Row): Promise<Place> {
  const place = copyOf(whole, name.replaceAll(/[ :]+/g, '-'));
  spoil(place);
  const disk = readOnly === undefined ? {} : { readOnly: readOnly(place) };
  const ended = await runIn(place, flags?.(place), disk);
  const refusal = { exit, lines: 1, type: 'error', code, hasRemedy: true, stderr: '' };
  expect(refusalIn(ended)).toEqual(refusal);
  expect(leftIn(place)).toEqual([]);
  return place;
}
