import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { readSqliteStore } from '@chancery/adapters/store-sqlite';
import type { Digest } from '@chancery/kernel/encoding';
import type { Head } from '@chancery/kernel/ledger';
import { Verifier, type Verification } from '@chancery/kernel/replay';
import { homeIn } from '../../apps/cli/src/home.ts';
import { commitAll, makeGround, writeFiles, type Ground } from '../ground/ground.ts';
import {
  driveToEnd,
  foundHouse,
  modelOf,
  scriptOf,
  startRealRun,
  type Calls,
} from '../ground/house.ts';

/** An entry as it lies in the database. */
export interface Row {
  readonly position: number;
  readonly stream: string;
  readonly seq: number;
  readonly text: string;
}

/** A ledger that a real run has written, and that nobody has touched yet. */
export interface Evidence {
  readonly ground: Ground;
  readonly ledger: Digest;
  readonly rows: readonly Row[];
  readonly blobs: readonly string[];
}

const work: readonly Calls[] = [
  [
    ['fs.read', { path: 'kept.txt' }],
    ['shell.run', { argv: ['seq', '20000'] }],
  ],
  [
    ['fs.write', { path: 'made.txt', text: 'made\n' }],
    ['fs.write', { path: '../outside.txt', text: 'never' }],
    ['fs.patch', { path: 'kept.txt', hunks: [{ find: 'nowhere', replace: '' }] }],
  ],
  [['fs.write', { path: 'guarded/ci.yml', text: 'steps: []\n' }]],
];

/** Has a run done with refusals, a failure, a vote, a gate and a result that is kept as a blob. */
export async function gather(): Promise<Evidence> {
  const ground = makeGround();
  writeFiles(ground.repository, { 'kept.txt': 'as it was\n', 'guarded/ci.yml': 'steps: [a]\n' });
  commitAll(ground.repository);
  const real = await foundHouse(ground);
  const model = modelOf(scriptOf('tampering', work));
  const protectedPaths = ['guarded/**'];
  const run = await startRealRun(real, ground, { model, gates: ['true'], protectedPaths });
  await driveToEnd(real, run);
  await real.close();
  return { ground, ledger: real.house.ledger, ...readAll(ground.home.ledger) };
}

function readAll(path: string): Pick<Evidence, 'rows' | 'blobs'> {
  const database = new DatabaseSync(path, { readOnly: true });
  const rows = database
    .prepare(
      `SELECT position, name AS stream, seq, text FROM entries JOIN streams ON id = stream
       ORDER BY position`,
    )
    .all()
    .map(({ position, stream, seq, text }) => ({
      position: Number(position),
      stream: String(stream),
      seq: Number(seq),
      text: String(text),
    }));
  const blobs = database.prepare('SELECT digest FROM blobs').all();
  database.close();
  return { rows, blobs: blobs.map(({ digest }) => String(digest)) };
}

/** Works on a copy of the database as somebody would who covers his tracks. */
export function attack(
  { ground }: Evidence,
  name: string,
  work: (database: DatabaseSync) => void,
): Ground {
  const folder = join(ground.folder, name);
  for (const part of ['config.json', 'ledger.db']) {
    cpSync(join(ground.home.folder, part), join(folder, part));
  }
  const home = homeIn(folder);
  const database = new DatabaseSync(home.ledger);
  const triggers = database
    .prepare(`SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'`)
    .all();
  for (const { name: trigger } of triggers) database.exec(`DROP TRIGGER ${String(trigger)}`);
  work(database);
  for (const { sql } of triggers) database.exec(String(sql));
  database.close();
  return { ...ground, home };
}

/** What full verification says of a database, in this process. */
export async function verificationOf({ home }: Ground, ledger: Digest): Promise<Verification> {
  const store = readSqliteStore(home.ledger);
  const verifier = new Verifier(ledger);
  verifier.page(await store.readAll(0, 10_000));
  const heads = await store.streams('');
  await store.close();
  return verifier.finish(new Map(heads.map(({ stream, head }): [string, Head] => [stream, head])));
}
