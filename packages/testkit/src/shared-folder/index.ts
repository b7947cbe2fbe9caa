export { madeOnce } from './once.ts';
