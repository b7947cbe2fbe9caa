import { Fault } from '../refusal/index.ts';
import { dimensions, type Amounts, type Dimension } from './amounts.ts';

/** Members stand in the order of the canonical text, here and in every sum: it need not be sorted. */
export const zeroAmounts: Amounts = {
  bytesOut: 0,
  calls: 0,
  costMicrousd: 0,
  cpuMs: 0,
  tokens: 0,
  wallMs: 0,
};

function combine(a: Amounts, b: Amounts, rule: (x: number, y: number) => number): Amounts {
  return {
    bytesOut: rule(a.bytesOut, b.bytesOut),
    calls: rule(a.calls, b.calls),
    costMicrousd: rule(a.costMicrousd, b.costMicrousd),
    cpuMs: rule(a.cpuMs, b.cpuMs),
    tokens: rule(a.tokens, b.tokens),
    wallMs: rule(a.wallMs, b.wallMs),
  };
}

/** The integer itself. */
function amount(value: number): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new Fault(`${value} is not an amount`);
}

/** @throws {Fault} when a sum is beyond 2^53-1. */
export function addAmounts(a: Amounts, b: Amounts): Amounts {
  return combine(a, b, (x, y) => amount(x + y));
}

/** @throws {Fault} when `b` exceeds `a` in a dimension. */
export function subtractAmounts(a: Amounts, b: Amounts): Amounts {
  return combine(a, b, (x, y) => amount(x - y));
}

/** What is left of `a` after `b`; nothing where `b` exceeds it. */
export function clampedSubtract(a: Amounts, b: Amounts): Amounts {
  return combine(a, b, (x, y) => amount(Math.max(0, x - y)));
}

export function maxAmounts(a: Amounts, b: Amounts): Amounts {
  return combine(a, b, (x, y) => amount(Math.max(x, y)));
}

export function minAmounts(a: Amounts, b: Amounts): Amounts {
  return combine(a, b, (x, y) => amount(Math.min(x, y)));
}

/** The first dimension in which `wanted` exceeds `available`; undefined when all of it fits. */
export function fits(wanted: Amounts, available: Amounts): Dimension | undefined {
  for (const dimension of dimensions) {
    // Written so that a value that compares with nothing does not fit.
    if (!(wanted[dimension] <= available[dimension])) return dimension;
  }
  return undefined;
}

/** Whether `value` has exactly the dimensions of a budget, each a non-negative safe integer. */
export function isAmounts(value: unknown): value is Amounts {
  if (typeof value !== 'object' || value === null) return false;
  const record = value as Readonly<Record<string, unknown>>;
  if (Object.keys(record).length !== dimensions.length) return false;
  return dimensions.every((dimension) => {
    const amount = Object.hasOwn(record, dimension) ? record[dimension] : undefined;
    return Number.isSafeInteger(amount) && (amount as number) >= 0;
  });
}
