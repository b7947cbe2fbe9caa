export type { PostgresAddress } from './address.ts';
export {
  findLedger,
  inspectPostgres,
  shownAddress,
  type PostgresInspection,
} from './inspection.ts';
export { migratePostgres, type MigrationOptions } from './migrate.ts';
export { postgresRunLocks, type PostgresLocksOptions } from './run-locks.ts';
export { runtimeGrants } from './schema.ts';
export { openPostgresStore, type PostgresStoreOptions } from './store.ts';
export { postgresTreeLease, type PostgresLeaseOptions } from './tree-lease.ts';
