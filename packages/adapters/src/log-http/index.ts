export { isLoopback, type Served, type ServeOptions } from './listening.ts';
export { serveTiles } from './tiles-answer.ts';
export { tilesOverHttp } from './tiles-client.ts';
export { serveWitness } from './witness-answer.ts';
export { witnessOverHttp } from './witness-client.ts';
