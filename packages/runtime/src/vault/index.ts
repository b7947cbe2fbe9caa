export { isInScope, isScope, type Belonging } from './scope.ts';
export { guardedTexts } from './guarded.ts';
export type { LentSecret, SecretEntry, Vault } from './port.ts';
