export { tilesOverHttp } from './client.ts';
export { isLoopback, serveTiles, type ServedLog, type ServeOptions } from './serve.ts';
