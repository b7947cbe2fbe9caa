export { runLocks } from './locks.ts';
export { treeLease } from './tree-lease.ts';
