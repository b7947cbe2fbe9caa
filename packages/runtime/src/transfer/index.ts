export { readBegun, type BegunExport } from './begun-export.ts';
export { type ExportFile } from './export-file.ts';
export {
  checkExport,
  importLedger,
  type ImportOptions,
  type ImportOutcome,
} from './import-ledger.ts';
export { exportLedger, manifestOf, type Resumption } from './write-export.ts';
