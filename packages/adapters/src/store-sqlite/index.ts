export { openSqliteStore, readSqliteStore, type SqliteStoreOptions } from './store.ts';
