export { savepoint } from './savepoint.ts';
