export { tilesFolder } from './tiles-folder.ts';
