export { Authority, type Standing } from './authority.ts';
export { foundLedger, type Founding } from './found.ts';
