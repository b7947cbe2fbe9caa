export { planUndoing, type Lasting, type UndoPlan, type UndoRoom, type UndoStep } from './plan.ts';
export { restoreName } from './restore-name.ts';
export { rollbacksOf, type Rollbacks } from './rollbacks.ts';
