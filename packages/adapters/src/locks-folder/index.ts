export { folderLocks } from './locks.ts';
export { treeLease } from './tree-lease.ts';
