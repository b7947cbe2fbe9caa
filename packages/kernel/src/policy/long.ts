import { expectedLong, Failure, failureOf, type Value } from './value.ts';

const most = 2n ** 63n - 1n;
const least = -(2n ** 63n);

export type Long = number | bigint;

/** Whether an integer is one of Cedar's Long: 64 bits, two's complement. */
export function fitsLong(value: bigint): boolean {
  return value >= least && value <= most;
}

export function isLong(value: Value | Failure): value is Long {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** The one form of an exact integer; undefined when it does not fit. */
export function longOf(exact: bigint): Long | undefined {
  if (!fitsLong(exact)) return undefined;
  const short = Number(exact);
  return Number.isSafeInteger(short) ? short : exact;
}

interface Operator {
  readonly fast: (a: number, b: number) => number;
  readonly exact: (a: bigint, b: bigint) => bigint;
  readonly overflow: Failure;
}

const operators = {
  '+': {
    fast: (a, b) => a + b,
    exact: (a, b) => a + b,
    overflow: new Failure('integer overflow in an addition'),
  },
  '-': {
    fast: (a, b) => a - b,
    exact: (a, b) => a - b,
    overflow: new Failure('integer overflow in a subtraction'),
  },
  '*': {
    fast: (a, b) => a * b,
    exact: (a, b) => a * b,
    overflow: new Failure('integer overflow in a multiplication'),
  },
} as const satisfies Record<string, Operator>;

export type ArithmeticOperator = keyof typeof operators;

/** Cedar's arithmetic: exact within 64 bits, a failure beyond. */
export function arithmetic(
  operator: ArithmeticOperator,
): (a: Value | Failure, b: Value | Failure) => Long | Failure {
  const { fast, exact, overflow }: Operator = operators[operator];
  return (a, b) => {
    if (typeof a === 'number' && typeof b === 'number') {
      const result = fast(a, b);
      // A rounded result is at least 2^53 in size, so a safe one is exact.
      if (Number.isSafeInteger(result)) return result;
    }
    if (!isLong(a)) return failureOf(a, expectedLong);
    if (!isLong(b)) return failureOf(b, expectedLong);
    return longOf(exact(BigInt(a), BigInt(b))) ?? overflow;
  };
}

const negationOverflow = new Failure('integer overflow in a negation');

export function negate(value: Value | Failure): Long | Failure {
  if (typeof value === 'number') return 0 - value;
  if (!isLong(value)) return failureOf(value, expectedLong);
  return longOf(-value) ?? negationOverflow;
}
