export { hooksFolder, type HooksFolder } from './hooks-file.ts';
export { folderHookPlaces } from './places.ts';
