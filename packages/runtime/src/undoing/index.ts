export { goingOn } from './beginnings.ts';
export {
  planUndoing,
  type Lasting,
  type Undoing,
  type UndoPlan,
  type UndoRoom,
  type UndoStep,
} from './plan.ts';
export { restoreName } from './restore-name.ts';
export { rollbacksOf, type Rollbacks } from './rollbacks.ts';
