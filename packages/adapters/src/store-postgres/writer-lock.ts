import type { Client } from 'pg';
import { failureOf, refuse } from './failure.ts';

/** The first half of the name of the lock; the number of the ledger is the other. */
const writers = 0x43484e57;
const lockNotAvailable = '55P03';

const statements = {
  shared: 'SELECT pg_advisory_lock_shared($1, $2)',
  alone: 'SELECT pg_advisory_lock($1, $2)',
} as const;

/** Whether a process writes a ledger beside others, or lets nobody else write it. */
export type Writing = keyof typeof statements;

/**
 * Makes a connection one that writes, until it ends: beside others, or alone. It is waited for as
 * long as for any lock.
 * @throws {RefusalError} `ledger.busy` where somebody else is the only writer, or is one.
 */
export async function lockForWriting(
  client: Client,
  ledgerId: number,
  writing: Writing,
): Promise<void> {
  try {
    await client.query(statements[writing], [writers, ledgerId]);
  } catch (error) {
    const isHeld = error instanceof Error && 'code' in error && error.code === lockNotAvailable;
    if (!isHeld) throw failureOf(error);
    throw writing === 'alone'
      ? refuse('ledger.busy', 'another process writes the ledger', {
          remedy: 'Let the processes that write this ledger end, on every server, then try again.',
        })
      : refuse('ledger.busy', 'the ledger is being imported', {
          remedy: 'Wait until the import has ended, then try again.',
        });
  }
}
