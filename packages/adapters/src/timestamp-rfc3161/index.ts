export { timeAuthority, type AuthorityOptions } from './authority.ts';
