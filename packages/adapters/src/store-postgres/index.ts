export { type PostgresAddress } from './connection.ts';
export { migratePostgres, type MigrationOptions } from './migrate.ts';
export { openPostgresStore, type PostgresStoreOptions } from './store.ts';
