import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { linkedProgram } from '@chancery/testkit/linked-program';
import type { Ground } from './ground.ts';

export const commandFile = await linkedProgram(
  path.resolve(import.meta.dirname, '../../apps/cli/src/main.ts'),
);

/** How a command has ended. */
export interface Ended {
  readonly exit: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** A folder that is on a read-only disk for this command, whoever runs it. */
  readonly readOnly?: string;
}

/** A command that is running. */
export interface Running {
  readonly child: ChildProcess;
  /** Resolves when a line of the output satisfies the test; rejects when it ended before. */
  readonly said: (test: (line: string) => boolean) => Promise<string>;
  readonly ended: Promise<Ended>;
}

/** Starts `chancery` in a process of its own, on the home of the ground. */
export function start(
  { home, folder }: Ground,
  words: readonly string[],
  { env = {}, cwd = folder, readOnly }: CommandOptions = {},
): Running {
  const command = [process.execPath, commandFile, ...words];
  const bound = readOnly === undefined ? [] : ['bwrap', '--dev-bind', '/', '/', ...bind(readOnly)];
  const [program = '', ...args] = [...bound, ...command];
  const child = spawn(program, args, {
    cwd,
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      // What a process that is killed leaves behind goes with the ground.
      TMPDIR: folder,
      CHANCERY_HOME: home.folder,
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  const listeners = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    for (const listener of listeners) listener();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = once(child, 'close').then((): Ended => {
    return { exit: child.exitCode, signal: child.signalCode, stdout, stderr };
  });
  const said = (test: (line: string) => boolean): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const line = stdout.split('\n').slice(0, -1).find(test);
        if (line === undefined) return;
        listeners.delete(look);
        resolve(line);
      };
      listeners.add(look);
      look();
      const told = (): string => `${stdout}${stderr}`.slice(-500);
      void ended.then(() => reject(new Error(`it ended before it said so: …${told()}`)));
    });
  return { child, said, ended };
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
