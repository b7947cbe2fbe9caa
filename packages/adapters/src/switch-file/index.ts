export { switchFile } from './switch-file.ts';
