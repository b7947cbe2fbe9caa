import { durationSince, offset, parseDatetime, parseDuration, toDate, toTime } from './datetime.ts';
import { parseDecimal } from './decimal.ts';
import { isInRange, isReserved, parseIp } from './ipaddr.ts';
import { longOf } from './long.ts';
import { Fault } from '../refusal/index.ts';
import {
  expectedString,
  ExtensionValue,
  Failure,
  failureOf,
  type ExtensionType,
  type Value,
} from './value.ts';

/** A function of Cedar's extensions; its arguments are evaluated already. */
export interface ExtensionFunction {
  readonly arity: 1 | 2;
  readonly call: (first: Value | Failure, second: Value | Failure) => Value | Failure;
}

type ArgumentType = 'decimal' | 'datetime' | 'duration' | 'ip';

const typesOf: Readonly<Record<ArgumentType, readonly ExtensionType[]>> = {
  decimal: ['decimal'],
  datetime: ['datetime'],
  duration: ['duration'],
  ip: ['ipv4', 'ipv6'],
};

const expected: Readonly<Record<ArgumentType, Failure>> = {
  decimal: new Failure('type error: expected a decimal'),
  datetime: new Failure('type error: expected a datetime'),
  duration: new Failure('type error: expected a duration'),
  ip: new Failure('type error: expected an ipaddr'),
};

function extensionOf(value: Value | Failure, type: ArgumentType): ExtensionValue | Failure {
  return value instanceof ExtensionValue && typesOf[type].includes(value.type)
    ? value
    : failureOf(value, expected[type]);
}

function constructor(parse: (text: string) => ExtensionValue | Failure): ExtensionFunction {
  return {
    arity: 1,
    call: (text) => (typeof text === 'string' ? parse(text) : failureOf(text, expectedString)),
  };
}

function unary(
  type: ArgumentType,
  rule: (value: ExtensionValue) => Value | Failure,
): ExtensionFunction {
  return {
    arity: 1,
    call: (first) => {
      const value = extensionOf(first, type);
      return value instanceof Failure ? value : rule(value);
    },
  };
}

function binary(
  types: readonly [ArgumentType, ArgumentType],
  rule: (a: ExtensionValue, b: ExtensionValue) => Value | Failure,
): ExtensionFunction {
  return {
    arity: 2,
    call: (first, second) => {
      const a = extensionOf(first, types[0]);
      if (a instanceof Failure) return a;
      const b = extensionOf(second, types[1]);
      return b instanceof Failure ? b : rule(a, b);
    },
  };
}

/** Whole units in a duration, cut off towards zero. */
function wholeUnits(unitMs: bigint): ExtensionFunction {
  return unary('duration', ({ amount }) => {
    const units = longOf(amount / unitMs);
    if (units === undefined) throw new Fault('a part of a 64-bit duration has more than 64 bits');
    return units;
  });
}

const twoDecimals = ['decimal', 'decimal'] as const;

const table: Readonly<Record<string, ExtensionFunction>> = {
  decimal: constructor(parseDecimal),
  lessThan: binary(twoDecimals, (a, b) => a.amount < b.amount),
  lessThanOrEqual: binary(twoDecimals, (a, b) => a.amount <= b.amount),
  greaterThan: binary(twoDecimals, (a, b) => a.amount > b.amount),
  greaterThanOrEqual: binary(twoDecimals, (a, b) => a.amount >= b.amount),

  ip: constructor(parseIp),
  isIpv4: unary('ip', ({ type }) => type === 'ipv4'),
  isIpv6: unary('ip', ({ type }) => type === 'ipv6'),
  isLoopback: unary('ip', (value) => isReserved(value, 'loopback')),
  isMulticast: unary('ip', (value) => isReserved(value, 'multicast')),
  isInRange: binary(['ip', 'ip'], isInRange),

  datetime: constructor(parseDatetime),
  offset: binary(['datetime', 'duration'], offset),
  durationSince: binary(['datetime', 'datetime'], durationSince),
  toDate: unary('datetime', toDate),
  toTime: unary('datetime', toTime),

  duration: constructor(parseDuration),
  toMilliseconds: wholeUnits(1n),
  toSeconds: wholeUnits(1_000n),
  toMinutes: wholeUnits(60_000n),
  toHours: wholeUnits(3_600_000n),
  toDays: wholeUnits(86_400_000n),
};

/** The functions of decimal, ipaddr, datetime and duration; undefined for any other name. */
export function extensionFunction(name: string): ExtensionFunction | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
