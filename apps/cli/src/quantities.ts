import type { Amounts } from '@chancery/kernel/account';
import { done, refused, type Result } from '@chancery/kernel/refusal';

const unitsMs = { ms: 1, s: 1_000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A length of time such as `90s`, `30m`, `2h`; milliseconds. Refuses `usage.invalid`. */
export function readDuration(text: string): Result<number> {
  const [, digits, unit] = /^(\d{1,9})(ms|s|m|min|h|d)$/.exec(text) ?? [];
  if (digits === undefined || unit === undefined) {
    return refused('usage.invalid', `${JSON.stringify(text)} is not a time such as 90s, 30m, 2h`);
  }
  const ms = Number(digits) * unitsMs[unit as keyof typeof unitsMs];
  return ms > 0 ? done(ms) : refused('usage.invalid', 'a time of nothing');
}

/** Dimension and factor of each unit of a budget. */
const budgetUnits: Readonly<Record<string, readonly [keyof Amounts, number]>> = {
  usd: ['costMicrousd', 1_000_000],
  tokens: ['tokens', 1],
  calls: ['calls', 1],
  s: ['wallMs', unitsMs.s],
  m: ['wallMs', unitsMs.m],
  h: ['wallMs', unitsMs.h],
  scpu: ['cpuMs', unitsMs.s],
  mcpu: ['cpuMs', unitsMs.m],
  hcpu: ['cpuMs', unitsMs.h],
  bytes: ['bytesOut', 1],
};

/** Dimensions of which nothing is enough: for a model that costs nothing, a run without commands. */
const dispensable: readonly (keyof Amounts)[] = ['costMicrousd', 'cpuMs', 'bytesOut'];

/**
 * Amounts such as `2usd`, `0.50usd`, `500000tokens`, `100calls`, `30m`, `2hcpu` of processors,
 * `10000bytes` that leave the machine, each once. Refuses `usage.invalid`.
 */
export function readBudget(texts: readonly string[]): Result<Partial<Amounts>> {
  const budget: { -readonly [D in keyof Amounts]?: number } = {};
  for (const text of texts.flatMap((part) => part.split(','))) {
    const [, whole, fraction = '', unit = ''] =
      /^(\d{1,12})(?:\.(\d{1,6}))?([a-z]+)$/.exec(text) ?? [];
    const known = budgetUnits[unit];
    if (whole === undefined || known === undefined || (fraction !== '' && unit !== 'usd')) {
      const form = 'such as 2usd, 500000tokens, 100calls, 30m, 2hcpu, 10000bytes';
      return refused('usage.invalid', `${JSON.stringify(text)} is not an amount ${form}`);
    }
    const [dimension, factor] = known;
    if (budget[dimension] !== undefined) {
      return refused('usage.invalid', `${JSON.stringify(text)} is a second amount of the same`, {
        remedy: 'Give each dimension of the budget once.',
      });
    }
    // In integers: a sum of money has no rounding.
    budget[dimension] = Number(whole) * factor + Number(fraction.padEnd(6, '0'));
    if (!Number.isSafeInteger(budget[dimension])) {
      return refused('usage.invalid', `${JSON.stringify(text)} is too much`);
    }
    if (budget[dimension] === 0 && !dispensable.includes(dimension)) {
      return refused('usage.invalid', `with ${JSON.stringify(text)} a run could do nothing`, {
        remedy: 'Give an amount above zero, or leave it out for the usual one.',
      });
    }
  }
  return done(budget);
}

/** A whole number from 1. Refuses `usage.invalid`, naming the flag. */
export function readCount(flag: string, text: string): Result<number> {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  return value > 0 ? done(value) : refused('usage.invalid', `${flag} is not a whole number from 1`);
}

/** A date, or a date with a time; milliseconds since the epoch. Refuses `usage.invalid`, naming the flag. */
export function readTime(flag: string, text: string): Result<number> {
  const [date] = /^\d{4}-\d{2}-\d{2}/u.exec(text) ?? [];
  const atMs = date !== undefined && isDate(date) ? Date.parse(text) : Number.NaN;
  if (Number.isSafeInteger(atMs) && atMs >= 0) return done(atMs);
  return refused('usage.invalid', `${JSON.stringify(text)} is not a time such as 2026-03-01`, {
    remedy: `Write a date, or a date with a time: ${flag} 2026-03-01T08:00:00Z.`,
  });
}

/** Whether there is such a day: what is beyond the end of a month is read as one of the next. */
function isDate(date: string): boolean {
  const atMs = Date.parse(date);
  return Number.isSafeInteger(atMs) && new Date(atMs).toISOString().startsWith(date);
}
