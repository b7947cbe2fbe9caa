export { fileAnchor } from './anchor-file.ts';
