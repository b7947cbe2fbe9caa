import { dimensions, type Amounts, type Dimension } from './amounts.ts';

/** Shares of a budget, in percent, that are told when they are spent. */
export const thresholds = [50, 90, 100] as const;

/** A share of what was granted of a dimension that is spent from now on. */
export interface Crossing {
  readonly dimension: Dimension;
  readonly percent: number;
  readonly spent: number;
  readonly granted: number;
}

/**
 * The thresholds that lie between two states of what was spent, in the order of dimensions and then of
 * shares. Spending only grows, so that each is crossed once; of what was not granted there are none.
 */
export function crossings(before: Amounts, after: Amounts, granted: Amounts): readonly Crossing[] {
  const crossed: Crossing[] = [];
  for (const dimension of dimensions) {
    const was = before[dimension];
    const spent = after[dimension];
    const all = granted[dimension];
    if (was === spent || all === 0) continue;
    for (const percent of thresholds) {
      const share = shareOf(all, percent);
      if (was < share && share <= spent) crossed.push({ dimension, percent, spent, granted: all });
    }
  }
  return crossed;
}

/** The least amount that is this share, without leaving the safe integers on the way. */
function shareOf(all: number, percent: (typeof thresholds)[number]): number {
  if (percent === 50) return Math.ceil(all / 2);
  return percent === 90 ? all - Math.floor(all / 10) : all;
}
