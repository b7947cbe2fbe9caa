export { httpFetch } from './fetch.ts';
export { type HttpOptions } from './resolution.ts';
export { httpEgress, type EgressOptions } from './proxy/egress.ts';
