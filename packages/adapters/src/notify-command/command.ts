import { spawn, type ChildProcess } from 'node:child_process';
import type { Notification } from '@chancery/domain/notifications';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import type { Courier } from '@chancery/runtime/notifications';

export interface CommandOptions {
  /** The program and its arguments; no shell reads them. */
  readonly argv: readonly string[];
  /** Folder that it works in. */
  readonly folder: string;
  /** All of its environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** After so long it is ended, with all that it has started. */
  readonly patienceMs?: number;
}

const patienceMs = 10_000;
const keptChars = 500;

/**
 * Starts a command for each notification, which gets it on standard input: one line of JSON. It has
 * arrived when the command ends with 0.
 */
export function commandCourier(options: CommandOptions): Courier {
  return { deliver: (notification) => run(options, notification) };
}

async function run(options: CommandOptions, notification: Notification): Promise<Result<null>> {
  const [program = '', ...args] = options.argv;
  const child = spawn(program, args, {
    cwd: options.folder,
    env: { ...options.env },
    stdio: ['pipe', 'ignore', 'pipe'],
    // A group of its own, so that it can be ended whole.
    detached: true,
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-keptChars);
  });
  // A command that does not read what it gets may be right all the same.
  child.stdin.on('error', () => undefined);
  child.stdin.end(`${JSON.stringify(notification)}\n`);
  const ended = await endOf(child, options.patienceMs ?? patienceMs);
  if (ended === 'ended with 0') return done(null);
  const why = complaint.trim() === '' ? ended : `${ended}: ${complaint.trim()}`;
  return refused('hook.unreachable', `the command ${JSON.stringify(program)} ${why}`);
}

function endOf(child: ChildProcess, patience: number): Promise<string> {
  return new Promise((resolve) => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      endGroup(child);
    }, patience);
    const finish = (how: string): void => {
      clearTimeout(timer);
      resolve(late ? `has not ended within ${patience / 1_000} s` : how);
    };
    child.once('error', ({ message }) => finish(`cannot be started: ${message}`));
    child.once('exit', (code, signal) => finish(`ended with ${code ?? signal ?? ''}`));
  });
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // It has ended at this very moment.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
