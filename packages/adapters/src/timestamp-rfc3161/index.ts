export { timeAuthority, type AuthorityOptions } from './authority.ts';
export { checkReply, type Expected } from './check.ts';
export { readTrusted } from './trusted.ts';
