export { contractOf, contractsOf, manifestDigest, undoContractOf, undoName } from './contract.ts';
export {
  declareManifest,
  readManifest,
  readManifestRetirement,
  retireManifest,
} from './declaration.ts';
export {
  checkDeclared,
  checkManifestEntry,
  checkRetired,
  evolveManifests,
  isManifestEntry,
  type DeclaredManifest,
  type DeclaredManifests,
  type PlacedManifestEntry,
} from './evolve.ts';
export type {
  CommandExecutor,
  Compensate,
  Condition,
  Executor,
  HttpExecutor,
  JsonTemplate,
  Manifest,
  McpExecutor,
  McpTransport,
  Observed,
  Reconcile,
  Signing,
  Template,
} from './model.ts';
export { fatefulVariable } from './lent-variable.ts';
export { valueAt } from './pointer.ts';
export { runsProgram } from './runs-program.ts';
export { checkManifest, leastEffect } from './sound.ts';
export { lentNames, literalHost } from './sound-executor.ts';
export { onlyPlace, readTemplate, type TemplatePart } from './template.ts';
export { toolDigest, type ToolDefinition } from './tool.ts';
