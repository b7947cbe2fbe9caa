export { shellCapability } from './capability.ts';
