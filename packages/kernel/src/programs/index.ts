export {
  declarePrograms,
  readProgramRetirement,
  readPrograms,
  retireProgram,
} from './declaration.ts';
export {
  checkProgramRetired,
  checkProgramsEntry,
  evolvePrograms,
  isProgramsEntry,
  rowDigest,
  standingRows,
  type DeclaredProgram,
  type DeclaredPrograms,
  type PlacedProgramsEntry,
} from './evolve.ts';
export { checkProgramRows, rowsByName } from './form.ts';
export {
  deeds,
  optionsIn,
  wordsIn,
  type Deed,
  type ProgramRow,
  type ProgramRows,
  type Role,
  type RowOf,
} from './row.ts';
export { untoldRunning } from './running.ts';
