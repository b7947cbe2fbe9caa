export {
  decideCosigning,
  originIn,
  type Acquaintance,
  type Cosignable,
  type Cosigned,
  type WitnessedLog,
} from './decide.ts';
export { addCheckpointText, parseAddCheckpoint, type AddCheckpoint } from './request.ts';
