import { Fault, RefusalError } from '@chancery/kernel/refusal';

/** The code of an expected no, or `fault`. Anything else is a mistake of the code under test. */
export function loudness(error: unknown): string {
  if (error instanceof RefusalError) return error.refusal.code;
  if (error instanceof Fault) return 'fault';
  throw error;
}
