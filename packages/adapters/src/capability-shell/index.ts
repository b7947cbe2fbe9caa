export { shellCapability } from './capability.ts';
export { analyseLine, type Place } from './analysis/analyse.ts';
export type { Analysis, FoundCommand } from './analysis/finding.ts';
export { displayLine } from './request.ts';
export { readCommand, type ReadCommand } from './written.ts';
export { checkBesideBuiltIn, tryCases, type TriedCase } from './programs/declared.ts';
export { builtInNames, rowOf } from './programs/index.ts';
