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
export {
  type CommandExecutor,
  type Compensate,
  type Condition,
  type Executor,
  type HttpExecutor,
  type JsonTemplate,
  type Manifest,
  type McpExecutor,
  type McpTransport,
  type Observed,
  type Reconcile,
  type Signing,
  type Template,
} from './model.ts';
export { fatefulVariable } from './lent-variable.ts';
export { valueAt } from './pointer.ts';
export { runsProgram } from './runs-program.ts';
export { checkManifest, leastEffect } from './sound.ts';
export { lentNames, literalHost } from './sound-executor.ts';
export { onlyPlace, readTemplate, type TemplatePart } from './template.ts';
export { toolDigest, type ToolDefinition } from './tool.ts';
