export { refusalCodes, type RefusalCode } from './codes.ts';
export { assert, assertNever, Fault, RefusalError } from './fault.ts';
export {
  done,
  exitCodeOf,
  refusal,
  refused,
  type Done,
  type Refusal,
  type RefusalOptions,
  type Refused,
  type Result,
} from './refusal.ts';
