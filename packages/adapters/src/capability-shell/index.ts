export { shellCapability } from './capability.ts';
export { analyseLine, type Place } from './analysis/analyse.ts';
export { factsOfLine } from './written.ts';
export { type Analysis, type FoundCommand } from './analysis/finding.ts';
