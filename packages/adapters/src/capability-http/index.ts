export { httpFetch, type HttpOptions } from './fetch.ts';
