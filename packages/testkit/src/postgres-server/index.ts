export { packagedBinaries, type Binaries } from './binaries.ts';
export {
  CertificateAuthority,
  hasOpenssl,
  serveTls,
  type Certificate,
  type TlsServing,
} from './certificates.ts';
export { cuttingProxy, type CuttingProxy } from './proxy.ts';
export { startPostgres, type PostgresServer } from './server.ts';
