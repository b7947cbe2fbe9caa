export { openAlone, type LonelyLedger } from './alone.ts';
export { openLedger, type OwnedLedgerOptions, type SharedLedger } from './ledger.ts';
