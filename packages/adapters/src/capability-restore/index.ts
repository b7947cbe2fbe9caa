export { restore, type Restorable } from './restore.ts';
