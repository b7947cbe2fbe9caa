export { removeLabel } from './remove.ts';
