import type { Refusal } from './refusal.ts';

/**
 * A broken assumption: something that must hold does not. Thrown, never recorded as a refusal;
 * whoever catches it stops what it does.
 */
export class Fault extends Error {
  override readonly name = 'Fault';
}

/** Carries a refusal through code that can only throw (a callback, a stream) up to an edge. */
export class RefusalError extends Error {
  override readonly name = 'RefusalError';
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(`${refusal.code}: ${refusal.message}`);
    this.refusal = refusal;
  }
}

/** @throws {Fault} when `condition` is false. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Fault(message);
}

/** Closes an exhaustive `switch`: does not compile while a variant is unhandled. */
export function assertNever(value: never): never {
  throw new Fault(`unhandled variant: ${JSON.stringify(value)}`);
}
