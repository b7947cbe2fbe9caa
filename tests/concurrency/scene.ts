import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isJsonObject, type JsonObject } from '@chancery/kernel/encoding';
import { chancery, saidLine, start, type Ended, type Running } from '../ground/command.ts';
import { commitAll, git, makeGround, writeFiles, type Ground } from '../ground/ground.ts';
import { scriptOf, type Calls } from '../ground/house.ts';

/** A ground whose ledger is founded, with a second repository and a folder that commands may read. */
export interface Scene extends Ground {
  readonly other: string;
  readonly shared: string;
}

export async function makeScene(): Promise<Scene> {
  const ground = makeGround();
  const other = join(ground.folder, 'other');
  const shared = join(ground.folder, 'shared');
  mkdirSync(shared);
  mkdirSync(other);
  git(other, 'init', '--quiet');
  for (const repository of [ground.repository, other]) {
    writeFiles(repository, { 'kept.txt': 'as it was\n' });
    commitAll(repository);
  }
  const founded = await chancery(ground, ['init']);
  if (founded.exit !== 0) throw new Error(founded.stderr);
  return { ...ground, other, shared };
}

/** Lets the commands go on that wait for this name. */
export function open({ shared }: Scene, name: string): void {
  writeFileSync(join(shared, name), '');
}

/** A command that says so on the ledger when it begins, and ends when its name is opened. */
export function waitFor({ shared }: Scene, name: string): Calls[number] {
  return ['shell.run', { command: `until [ -e ${shared}/${name} ]; do sleep 0.02; done` }];
}

export const write = (path: string, text: string): Calls[number] => ['fs.write', { path, text }];

/** Starts a run that makes these calls. */
export function startRun(
  scene: Scene,
  repository: string,
  answers: readonly Calls[],
  ...flags: readonly string[]
): Running {
  const script = join(scene.folder, `script-${readdirSync(scene.folder).length}.json`);
  writeFileSync(script, scriptOf('scene', answers));
  const words = ['run', 'Do it', '--repo', repository, '--model', `scripted:${script}`];
  return start(scene, [...words, '--share', scene.shared, '--json', '--no-wait', ...flags]);
}

export function linesOf({ stdout }: Ended): readonly JsonObject[] {
  return stdout.split('\n').slice(0, -1).map(readLine);
}

function readLine(line: string): JsonObject {
  const value: unknown = JSON.parse(line);
  return isJsonObject(value) ? value : {};
}

/** The `nth` entry of a kind that a running command tells of, with the id of its run. */
export async function entryOf(running: Running, kind: string, nth = 0): Promise<string> {
  let seen = -1;
  const line = await saidLine(running, (text) => {
    const entry = readLine(text)['entry'];
    if (!isJsonObject(entry) || entry['kind'] !== kind) return false;
    seen += 1;
    return seen === nth;
  });
  const entry = readLine(line)['entry'];
  const stream = isJsonObject(entry) ? entry['stream'] : undefined;
  return typeof stream === 'string' ? stream.slice('run:'.length) : '';
}

/** Ids of the processes whose command line holds a text. */
export function processesWith(text: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(text);
      } catch {
        return false;
      }
    });
}

/** Resolves when the condition holds. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(10);
}

export async function verifies(scene: Scene): Promise<boolean> {
  const { exit, stdout } = await chancery(scene, ['verify', '--json']);
  return exit === 0 && readLine(stdout.trimEnd())['ok'] === true;
}
