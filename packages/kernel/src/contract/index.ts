export {
  effects,
  risks,
  type Author,
  type Contract,
  type Effect,
  type KnownCapability,
  type CommandFacts,
  type Normalised,
  type Risk,
  type Role,
} from './model.ts';
export { contractDigest } from './digest.ts';
export { credentialOf, handleOf, secretOf, type Credential } from './handle.ts';
export { isProgramVariable } from './program-variables.ts';
