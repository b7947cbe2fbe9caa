export { packagedBinaries, type Binaries } from './binaries.ts';
export { cuttingProxy, type CuttingProxy } from './proxy.ts';
export { startPostgres, type PostgresServer } from './server.ts';
