export { Authority, type ControlStanding, type Standing } from './authority.ts';
export { clearControl, engageControl, type Controller } from './controlling.ts';
export { foundLedger, type Founding } from './found.ts';
