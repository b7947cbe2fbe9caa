export { runLocks } from './locks.ts';
