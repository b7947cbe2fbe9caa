import { spawn, type ChildProcess } from 'node:child_process';

/** What a program has written so far. */
export interface Said {
  readonly stdout: string;
  readonly stderr: string;
}

/** How a program has ended; either its exit code or the signal is null. */
export interface Ended extends Said {
  readonly exit: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ProgramOptions {
  readonly cwd: string;
  /** All variables that it has. */
  readonly env: Readonly<Record<string, string>>;
  /** What it reads on standard input: nothing without, and with null what is written later. */
  readonly input?: string | null;
  /** After so many milliseconds it is ended. */
  readonly timeout?: number;
}

/** A program that is running. */
export interface Running {
  readonly child: ChildProcess;
  /** Resolves with what is found in its output, once something is; rejects when it ended before. */
  readonly says: <T>(find: (said: Said) => T | undefined) => Promise<T>;
  /** Rejects when it could not be started. */
  readonly ended: Promise<Ended>;
}

/** Starts a program in a process of its own. */
export function startProgram(
  [program = '', ...args]: readonly string[],
  { cwd, env, input, timeout }: ProgramOptions,
): Running {
  const child = spawn(program, args, { cwd, env, timeout, stdio: ['pipe', 'pipe', 'pipe'] });
  // It may end without reading.
  child.stdin.on('error', () => undefined);
  if (input !== null) child.stdin.end(input);
  const said = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
      for (const look of listeners) look();
    });
  }
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exit, signal) => resolve({ exit, signal, ...said }));
  });
  const says = <T>(find: (said: Said) => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = find(said);
        if (found === undefined) return;
        listeners.delete(look);
        resolve(found);
      };
      listeners.add(look);
      look();
      const told = (): string => `${said.stdout}${said.stderr}`.slice(-500);
      ended.then(() => reject(new Error(`it ended before it said so: …${told()}`)), reject);
    });
  return { child, says, ended };
}

/** Runs a program to its end. */
export function runProgram(words: readonly string[], options: ProgramOptions): Promise<Ended> {
  return startProgram(words, options).ended;
}
