export { savepoint, savepointKey } from './savepoint.ts';
