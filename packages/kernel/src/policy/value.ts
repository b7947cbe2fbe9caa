import type { EntityUid } from './model.ts';

/** Why an expression has no value. Made when a policy is compiled, so that failing costs nothing. */
export class Failure {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

/** A reference to an entity, which need not exist. */
export class Reference implements EntityUid {
  readonly type: string;
  readonly id: string;

  constructor(uid: EntityUid) {
    this.type = uid.type;
    this.id = uid.id;
  }
}

export type ExtensionType = 'decimal' | 'datetime' | 'duration' | 'ipv4' | 'ipv6';

/** A value of an extension type. */
export class ExtensionValue {
  readonly type: ExtensionType;
  /** Ten-thousandths of a decimal, milliseconds of a time, bits of an address. */
  readonly amount: bigint;
  /** Length of the network prefix of an address, 0 otherwise. */
  readonly prefix: number;

  constructor(type: ExtensionType, amount: bigint, prefix = 0) {
    this.type = type;
    this.amount = amount;
    this.prefix = prefix;
  }
}

/**
 * A value during evaluation. A Long is a number where that is exact and a bigint beyond, never
 * both for one integer. Members of records and elements of sets may still be in their JSON form;
 * `lift` gives them this one.
 */
export type Value =
  boolean | number | bigint | string | readonly Value[] | Reference | ExtensionValue | RecordValue;

export interface RecordValue {
  readonly [attr: string]: Value;
}

export function isSet(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

export function isRecord(value: Value): value is RecordValue {
  return (
    typeof value === 'object' &&
    !isSet(value) &&
    !(value instanceof Reference) &&
    !(value instanceof ExtensionValue)
  );
}

/** Whether equality of this value is identity. */
export function isPrimitive(value: Value): value is boolean | number | bigint | string {
  return typeof value !== 'object';
}

export const expectedBoolean = new Failure('type error: expected a boolean');
export const expectedEntity = new Failure('type error: expected an entity');
export const expectedLong = new Failure('type error: expected a long');
export const expectedSet = new Failure('type error: expected a set');
export const expectedString = new Failure('type error: expected a string');

/** The failure that an operand is, or else the one that its type is. */
export function failureOf(operand: Value | Failure, otherwise: Failure): Failure {
  return operand instanceof Failure ? operand : otherwise;
}
