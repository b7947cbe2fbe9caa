export { openLedger, type OwnedLedgerOptions, type SharedLedger } from './ledger.ts';
