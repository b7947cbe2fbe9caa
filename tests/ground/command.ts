import path from 'node:path';
import { linkedProgram } from '@chancery/testkit/linked-program';
import { bareEnvironment, startProgram } from '@chancery/testkit/program';
import type { Ended, Running } from '@chancery/testkit/program';
import type { Ground } from './ground.ts';

export type { Ended, Running };

export const commandFile = await linkedProgram(
  path.resolve(import.meta.dirname, '../../apps/cli/src/main.ts'),
);

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** A folder that is on a read-only disk for this command, whoever runs it. */
  readonly readOnly?: string;
}

/** Starts `chancery` in a process of its own, on the home of the ground. */
export function start(
  { home, folder }: Ground,
  words: readonly string[],
  { env = {}, cwd = folder, readOnly }: CommandOptions = {},
): Running {
  const command = [process.execPath, commandFile, ...words];
  const bound = readOnly === undefined ? [] : ['bwrap', '--dev-bind', '/', '/', ...bind(readOnly)];
  return startProgram([...bound, ...command], {
    cwd,
    env: { ...bareEnvironment(folder), CHANCERY_HOME: home.folder, ...env },
  });
}

/** The first whole line of its output that satisfies the test. */
export function saidLine({ says }: Running, test: (line: string) => boolean): Promise<string> {
  return says(({ stdout }) => stdout.split('\n').slice(0, -1).find(test));
}

const bind = (folder: string): readonly string[] => ['--ro-bind', folder, folder];

/** Runs `chancery` to its end. */
export function chancery(
  ground: Ground,
  words: readonly string[],
  options?: CommandOptions,
): Promise<Ended> {
  return start(ground, words, options).ended;
}

/** Works through the items, two at a time. */
export async function twoAtATime<T>(
  items: Iterable<T>,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  const lane = async (): Promise<void> => {
    for (let next = queue.next(); next.done !== true; next = queue.next()) await work(next.value);
  };
  await Promise.all([lane(), lane()]);
}
