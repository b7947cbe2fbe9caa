import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { SandboxCommand } from '@chancery/runtime/broker';
import { capture } from './output.ts';

export type Supervised = ChildProcess & { readonly stdout: Readable; readonly stderr: Readable };

/** Limits that nothing but looking holds. */
export type Overrun = 'disk' | 'processes';

/** Looks whether a limit is passed: `lookMs` after a look, and later where that took long. */
export interface Watch {
  readonly lookMs: number;
  readonly overrun: () => Overrun | undefined;
}

/** How a process ended, and why we ended it if we did. */
export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly ordered: 'timeout' | 'cancellation' | Overrun | undefined;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  readonly stdoutBytes: number;
  readonly stderrBytes: number;
  readonly wallMs: number;
}

type Limits = Pick<SandboxCommand, 'stdin' | 'timeoutMs' | 'outputBytes' | 'signal'>;

/** How the supervised tree is ended. */
export interface Ending {
  /** Told once, at the first limit that is reached. */
  readonly kill: () => void;
  /** Asked again and again while the process runs. */
  readonly watch?: Watch;
  /** One of its own by default. */
  readonly guard?: Guard;
  /** Awaited when the process itself has ended; then nothing of its tree may live. */
  readonly afterEnd: () => Promise<void>;
}

/** The system did not let us look at a process that has to be watched. Its code is the system's. */
export class UnwatchedError extends Error {
  override readonly name = 'UnwatchedError';
  readonly code: string | undefined;

  constructor(cause: unknown) {
    super('a process could not be watched', { cause });
    this.code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  }
}

/** Work beside a process, in callbacks that nobody waits for. */
export interface Guard {
  /** Ends the process where the work throws. */
  readonly run: (work: () => void) => void;
  /** @throws {UnwatchedError} where some work threw. */
  readonly check: () => void;
}

export function guardOf(child: ChildProcess): Guard {
  let lost: UnwatchedError | undefined;
  return {
    run: (work) => {
      try {
        work();
      } catch (error) {
        lost ??= new UnwatchedError(error);
        child.kill('SIGKILL');
      }
    },
    check: () => {
      if (lost !== undefined) throw lost;
    },
  };
}

/** Looking takes at most this part of the time, since nothing else is done meanwhile. */
const lookingShare = 10;

function lookedAgain(
  guard: Guard,
  { lookMs, overrun }: Watch,
  order: (reason: Overrun) => void,
): { readonly end: () => void } {
  const look = (): void => {
    const beganMs = performance.now();
    guard.run(() => {
      const passed = overrun();
      if (passed !== undefined) order(passed);
    });
    const tookMs = performance.now() - beganMs;
    timer = setTimeout(look, Math.max(lookMs, Math.ceil(tookMs * (lookingShare - 1))));
  };
  let timer = setTimeout(look, lookMs);
  return { end: () => clearTimeout(timer) };
}

/** Longest wait for streams to close once every process that we started is dead. */
const drainMs = 1000;

/**
 * Feeds a process, reads it and ends it at its limits.
 * Resolves when its tree has ended, whoever else may hold its streams open.
 * Rejects with the system's error when it could not be started, and with `UnwatchedError` when it
 * could not be looked at; it has ended then as well.
 */
export async function supervise(child: Supervised, limits: Limits, ending: Ending): Promise<Ended> {
  const { guard = guardOf(child) } = ending;
  const start = performance.now();
  const stdout = capture(child.stdout, limits.outputBytes);
  const stderr = capture(child.stderr, limits.outputBytes);
  feed(child, limits.stdin);
  let ordered: Ended['ordered'];
  const order = (reason: NonNullable<Ended['ordered']>): void => {
    if (ordered !== undefined) return;
    ordered = reason;
    guard.run(ending.kill);
  };
  const timer = setTimeout(order, limits.timeoutMs, 'timeout');
  const { watch } = ending;
  const looking = watch && lookedAgain(guard, watch, order);
  const cancel = (): void => order('cancellation');
  limits.signal.addEventListener('abort', cancel);
  if (limits.signal.aborted) cancel();
  try {
    const closed = new Promise((resolve) => child.once('close', resolve));
    const [code, signal] = await ended(child);
    clearTimeout(timer);
    looking?.end();
    try {
      await ending.afterEnd();
      await drained(child, closed);
    } finally {
      guard.check();
    }
    return {
      ...{ code, signal, ordered, stdout: stdout.bytes(), stderr: stderr.bytes() },
      ...{ stdoutBytes: stdout.total(), stderrBytes: stderr.total() },
      wallMs: Math.round(performance.now() - start),
    };
  } finally {
    clearTimeout(timer);
    looking?.end();
    limits.signal.removeEventListener('abort', cancel);
  }
}

function feed({ stdin, stdout }: Supervised, fed: Limits['stdin']): void {
  // A program may end without reading: EPIPE tells nothing about it.
  stdin?.on('error', () => stdin.destroy());
  if (typeof fed !== 'function') {
    stdin?.end(fed ?? '');
    return;
  }
  fed({
    write: (bytes) => void stdin?.write(bytes),
    end: () => void stdin?.end(),
    onOutput: (listener) => void stdout.on('data', listener),
  });
}

function ended(child: ChildProcess): Promise<readonly [number | null, string | null]> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve([code, signal]));
  });
}

/** A stream can outlive the tree when its descriptor was sent to a process outside. */
async function drained(child: Supervised, closed: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, drainMs);
  });
  await Promise.race([closed, late]);
  clearTimeout(timer);
  child.stdout.destroy();
  child.stderr.destroy();
}
