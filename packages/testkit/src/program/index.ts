export { bareEnvironment } from './environment.ts';
export {
  runProgram,
  startProgram,
  type Ended,
  type ProgramOptions,
  type Running,
  type Said,
} from './running.ts';
