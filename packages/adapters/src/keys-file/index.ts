export { type KeyInfo, type LoadedKey } from './key-file.ts';
export { createKey, listKeys, loadKey, loadSigner } from './key-folder.ts';
export { pendingSuccessor, prepareSuccessor, putInPlace } from './succession.ts';
export { subjectKeys } from './subject-keys.ts';
