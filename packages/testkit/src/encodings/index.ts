export { encodings } from './encodings.ts';
