import type { Frame } from './frame.ts';
import type { Failure, Value } from './value.ts';

/** An expression, compiled. Never throws; an error is the Failure that it returns. */
export type Code = (frame: Frame) => Value | Failure;

/** Compiled code with what is known of it beforehand, so that its user can be specialised. */
export interface Node {
  readonly run: Code;
  /** Its value, where that depends on no request. */
  readonly constant: Value | undefined;
  /** Whether it is the variable `context`. */
  readonly isContext: boolean;
}

export function node(run: Code): Node {
  return { run, constant: undefined, isContext: false };
}

export function constantNode(value: Value): Node {
  return { run: () => value, constant: value, isContext: false };
}

/** Policies that are not in the form of Cedar's JSON; caught where a set of policies is compiled. */
export class Malformed extends Error {}
