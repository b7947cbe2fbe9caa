export { readBegun, type BegunExport } from './begun-export.ts';
export { chunksOf, type ExportFile } from './export-file.ts';
export {
  appendImport,
  checkExport,
  importLedger,
  verifyImport,
  type ImportOptions,
  type ImportOutcome,
  type ImportRequest,
  type VerifiedExport,
} from './import-ledger.ts';
export { missingBytes } from './missing-bytes.ts';
export { writeObjects, type ObjectSink, type ObjectSource } from './workspace-objects.ts';
export { exportLedger, manifestOf, type Resumption } from './write-export.ts';
