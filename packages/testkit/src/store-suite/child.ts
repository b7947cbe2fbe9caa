import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { createInterface } from 'node:readline';

/** Process of a test, that says what it does in lines. */
export interface Child {
  readonly process: ChildProcessByStdio<Writable, Readable, null>;
  /** What it has said until now. */
  readonly lines: readonly string[];
  /** Resolves when it has said so many lines; rejects when it ends before. */
  said(count: number): Promise<void>;
  /** Ends it as a power cut would, and resolves when all that it said has been read. */
  kill(): Promise<void>;
  /** Resolves with its exit code. */
  ended(): Promise<number | null>;
}

/** Runs TypeScript text as a process of its own, that can import what this package can. */
export function startChild(code: string): Child {
  const process_ = spawn(process.execPath, ['--input-type=module-typescript', '--eval', code], {
    cwd: import.meta.dirname,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  const reading = createInterface({ input: process_.stdout });
  reading.on('line', (line) => lines.push(line));
  const read = once(reading, 'close');
  const exited = once(process_, 'exit');
  const ended = async (): Promise<number | null> => {
    await Promise.all([read, exited]);
    return process_.exitCode;
  };
  return {
    process: process_,
    lines,
    said: (count) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (lines.length >= count) resolve();
        };
        reading.on('line', look);
        reading.on('close', () => reject(new Error(`it ended after ${lines.length} lines`)));
        look();
      }),
    kill: async () => {
      process_.kill('SIGKILL');
      await ended();
    },
    ended,
  };
}
