export { shellCapability } from './capability.ts';
export { unknown } from './invocation.ts';
export { programsOfLine } from './line.ts';
