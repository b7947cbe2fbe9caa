export { hooksFolder, type HooksFolder } from './hook-files.ts';
export { folderHookPlaces } from './places.ts';
