import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isJsonObject, type JsonObject } from '@chancery/kernel/encoding';
import { homeIn } from '../../apps/cli/src/home.ts';
import { chancery, type CommandOptions, type Ended } from '../ground/command.ts';
import { commitAll, makeGround, writeFiles, type Ground } from '../ground/ground.ts';
import { scriptOf, type Calls } from '../ground/house.ts';

/** A ground with a repository of one commit, a founded ledger, and a script to run. */
export interface Place extends Ground {
  readonly script: string;
}

const work: readonly Calls[] = [[['fs.write', { path: 'made.txt', text: 'made\n' }]]];

export async function makePlace(): Promise<Place> {
  const ground = makeGround();
  writeFiles(ground.repository, { 'kept.txt': 'as it was\n' });
  commitAll(ground.repository);
  const script = join(ground.folder, 'script.json');
  writeFileSync(script, scriptOf('bad-input', work));
  const { exit, stderr } = await chancery(ground, ['init', '--name', 'test']);
  if (exit !== 0) throw new Error(stderr);
  return { ...ground, script };
}

/** The same place again in a folder of its own. */
export function copyOf(place: Place, name: string): Place {
  const folder = join(place.folder, 'copies', name);
  mkdirSync(folder, { recursive: true });
  for (const part of ['repository', 'home', 'script.json']) {
    cpSync(join(place.folder, part), join(folder, part), { recursive: true });
  }
  return {
    folder,
    home: homeIn(join(folder, 'home')),
    repository: join(folder, 'repository'),
    script: join(folder, 'script.json'),
  };
}

export function runIn(
  place: Place,
  flags: readonly string[] = [],
  options?: CommandOptions,
): Promise<Ended> {
  const repo = flags.includes('--repo') ? [] : ['--repo', place.repository];
  const words = ['run', 'Do it', ...repo, '--model', `scripted:${place.script}`];
  return chancery(place, [...words, '--json', '--no-wait', ...flags], options);
}

export function linesOf({ stdout }: Ended): readonly JsonObject[] {
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const value: unknown = JSON.parse(line);
      return isJsonObject(value) ? value : {};
    });
}

/** What a command that refuses shows: one line, and an exit code. */
export function refusalIn(ended: Ended) {
  const lines = linesOf(ended);
  const [line = {}] = lines;
  const { type, code, remedy } = line;
  const hasRemedy = typeof remedy === 'string' && remedy.length > 5;
  return { exit: ended.exit, lines: lines.length, type, code, hasRemedy, stderr: ended.stderr };
}

/** What could be left of a run that never was: worktrees and branches. */
export function leftIn({ home, repository }: Ground) {
  const worktrees = join(home.folder, 'worktrees');
  const branches = join(repository, '.git', 'refs', 'heads', 'chancery');
  const registered = join(repository, '.git', 'worktrees');
  return [worktrees, branches, registered].flatMap((folder) =>
    existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [],
  );
}

/** Puts a blank into the text of an entry: what it says stays, and its bytes are others. */
export function damageEntry(ground: Ground, stream: string, seq: number): void {
  damage(ground, (database) => {
    const trigger = database
      .prepare(`SELECT sql FROM sqlite_schema WHERE name = 'entries_refuse_update'`)
      .get();
    database.exec('DROP TRIGGER entries_refuse_update');
    database
      .prepare(
        `UPDATE entries SET text = replace(text, '"at":', '"at" :') FROM streams
         WHERE id = entries.stream AND name = ? AND seq = ?`,
      )
      .run(stream, seq);
    database.exec(String(trigger?.['sql']));
  });
}

/** Changes the database of the ledger as no program of ours would. */
export function damage({ home }: Ground, work: (database: DatabaseSync) => void): void {
  const database = new DatabaseSync(home.ledger);
  work(database);
  database.close();
}
