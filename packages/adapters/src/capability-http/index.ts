export { httpFetch, type HttpOptions } from './fetch.ts';
export { requester } from './requester.ts';
