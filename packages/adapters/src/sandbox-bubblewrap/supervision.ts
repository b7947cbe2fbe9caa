import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { SandboxCommand } from '@chancery/runtime/broker';
import { capture } from './output.ts';

export type Supervised = ChildProcess & { readonly stdout: Readable; readonly stderr: Readable };

/** Limits that nothing but looking holds. */
export type Overrun = 'disk' | 'processes';

/** Looks every `lookMs` whether a limit is passed. */
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
  /** Awaited when the process itself has ended; then nothing of its tree may live. */
  readonly afterEnd: () => Promise<void>;
}

/** Longest wait for streams to close once every process that we started is dead. */
const drainMs = 1000;

/**
 * Feeds a process, reads it and ends it at its limits.
 * Resolves when its tree has ended, whoever else may hold its streams open.
 * Rejects with the system's error when it could not be started.
 */
export async function supervise(child: Supervised, limits: Limits, ending: Ending): Promise<Ended> {
  const start = performance.now();
  const stdout = capture(child.stdout, limits.outputBytes);
  const stderr = capture(child.stderr, limits.outputBytes);
  feed(child, limits.stdin);
  let ordered: Ended['ordered'];
  const order = (reason: NonNullable<Ended['ordered']>): void => {
    if (ordered !== undefined) return;
    ordered = reason;
    ending.kill();
  };
  const timer = setTimeout(order, limits.timeoutMs, 'timeout');
  const { watch } = ending;
  const look = (): void => {
    const passed = watch?.overrun();
    if (passed !== undefined) order(passed);
  };
  const looking = watch && setInterval(look, watch.lookMs);
  const cancel = (): void => order('cancellation');
  limits.signal.addEventListener('abort', cancel);
  if (limits.signal.aborted) cancel();
  try {
    const closed = new Promise((resolve) => child.once('close', resolve));
    const [code, signal] = await ended(child);
    clearTimeout(timer);
    clearInterval(looking);
    await ending.afterEnd();
    await drained(child, closed);
    return {
      ...{ code, signal, ordered, stdout: stdout.bytes(), stderr: stderr.bytes() },
      ...{ stdoutBytes: stdout.total(), stderrBytes: stderr.total() },
      wallMs: Math.round(performance.now() - start),
    };
  } finally {
    clearTimeout(timer);
    clearInterval(looking);
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
