import { done, refused, type Result } from '@chancery/kernel/refusal';
import type { SandboxOutcome } from '@chancery/runtime/broker';

/** Exit code of a shell for a program that is there and cannot be run. */
const cannotRun = 126;

/** Whether the system would not start a program (as opposed to a fault of ours). */
const isSpawnError = (error: unknown): error is Error =>
  error instanceof Error && 'syscall' in error && String(error.syscall).startsWith('spawn');

/**
 * What comes of a command that was not begun. More words than the system takes are the command's own
 * failure, told as a shell tells it; else there is nothing to run commands with, and it is refused
 * with `sandbox.unavailable`. @throws any other error.
 */
export function unstarted(error: unknown, what: string): Result<SandboxOutcome> {
  if (!isSpawnError(error)) throw error;
  if (!('code' in error) || error.code !== 'E2BIG') {
    return refused('sandbox.unavailable', `${what} could not be started: ${error.message}`);
  }
  const stderr = new TextEncoder().encode('sh: argument list too long\n');
  return done({
    ...{ exitCode: cannotRun, signal: null, timedOut: false, cancelled: false },
    ...{ stdout: new Uint8Array(), stderr, stdoutBytes: 0, stderrBytes: stderr.length },
    ...{ wallMs: 0, cpuMs: 0 },
  });
}
