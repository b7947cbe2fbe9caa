import { Fault } from '@chancery/kernel/refusal';
import type { Execution, ExecutionFailure } from '@chancery/runtime/broker';

/** Carries a failure up to the edge of an execution. */
export class Failed extends Error {
  readonly failure: ExecutionFailure;

  constructor(code: string, message: string, failureClass: ExecutionFailure['class'] = 'terminal') {
    super(message);
    this.failure = { class: failureClass, code, message };
  }
}

/** Failures that every file operation may end with. */
export const fileFailures = [
  'file.missing',
  'file.not-a-file',
  'file.too-large',
  'file.denied',
  'disk.full',
  'io.failed',
] as const;

/** The facts that the action was compiled with no longer hold. */
export const changed = (path: string): Failed =>
  new Failed('args.changed', `${JSON.stringify(path)} is no longer what it was`);

const byErrno: Readonly<Record<string, readonly [string, ExecutionFailure['class']]>> = {
  // A folder on the way has gone, or has become a file or a link.
  ENOENT: ['args.changed', 'terminal'],
  ENOTDIR: ['args.changed', 'terminal'],
  ELOOP: ['args.changed', 'terminal'],
  EEXIST: ['args.changed', 'terminal'],
  EISDIR: ['args.changed', 'terminal'],
  EACCES: ['file.denied', 'terminal'],
  EPERM: ['file.denied', 'terminal'],
  EROFS: ['file.denied', 'terminal'],
  ENOSPC: ['disk.full', 'retryable'],
  EDQUOT: ['disk.full', 'retryable'],
};

/** What went wrong, of what a file operation threw. @throws what is not of the outside. */
export function failureOf(error: unknown): ExecutionFailure {
  if (error instanceof Failed) return error.failure;
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  if (code === undefined || error instanceof Fault) throw error;
  const [name, failureClass] = byErrno[code] ?? ['io.failed', 'terminal'];
  return { class: failureClass, code: name, message: `the system refused: ${code}` };
}

/** Runs the work of an execution; what the outside does wrong becomes its failure. */
export async function attempt(work: () => Execution | Promise<Execution>): Promise<Execution> {
  try {
    return await work();
  } catch (error) {
    return { kind: 'failed', failure: failureOf(error), used: {} };
  }
}
