export { isInScope, isScope, type Belonging } from './scope.ts';
export { guardedTexts } from './guarded.ts';
export { type LentSecret, type SecretEntry, type Vault } from './port.ts';
