export { httpFetch } from './fetch.ts';
export { requester } from './requester.ts';
export type { HttpOptions } from './resolution.ts';
export { httpEgress, type EgressOptions } from './proxy/egress.ts';
