import type { Lease } from '@chancery/runtime/transparency';
import type { PostgresAddress } from './address.ts';
import { takeAdvisoryLock } from './advisory-lock.ts';

export interface PostgresLeaseOptions extends PostgresAddress {
  /** Name of the ledger whose tree grows. */
  readonly ledger: string;
}

/**
 * The right to let the tree of a ledger grow and to sign its head: one process has it among all
 * servers of a database, and loses it with its connection.
 */
export function postgresTreeLease(options: PostgresLeaseOptions): Lease {
  const name = `chancery tree ${JSON.stringify([options.ledger])}`;
  return { acquire: () => takeAdvisoryLock(options, name, 'chancery leader') };
}
