export { httpAnchor } from './anchor-http.ts';
