export { lintManifest, type ManifestWarning } from './lint.ts';
