export type { KeyInfo, LoadedKey, StoredKey } from './key-file.ts';
export {
  createKey,
  keySecrets,
  listKeys,
  loadKey,
  loadSigner,
  readStoredKey,
} from './key-folder.ts';
export {
  changeSeal,
  createSealedKey,
  openSealedKey,
  type Seal,
  type Unseal,
} from './sealed-key.ts';
export { pendingSuccessor, prepareSuccessor, putInPlace } from './succession.ts';
export { subjectKeys } from './subject-keys.ts';
