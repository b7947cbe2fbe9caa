export { ExportCheck, type ExportVerdict } from './check.ts';
export { type ExportEnd } from './line-forms.ts';
export { gitDigest, type GitKind } from './git-object.ts';
export { keysStream, type Manifest } from './manifest.ts';
export { type ExportMark } from './mark.ts';
export { ExportReader, type ExportedEntry, type ExportRecord } from './reader.ts';
export { type ShownStream } from './stream-check.ts';
export { WorkspaceWalk, type WorkspaceObject } from './workspace-walk.ts';
export { ExportWriter, fitsExport, type WrittenBlob } from './writer.ts';
