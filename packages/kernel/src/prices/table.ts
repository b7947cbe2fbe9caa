import type { TokenPrice } from '../account/index.ts';

/** What the calls of one model cost. */
export interface ModelPrice extends TokenPrice {
  /** `provider:name`, as a run records its model. */
  readonly model: string;
}

export interface PriceTable {
  /** Time from which on it counts, milliseconds since the epoch. */
  readonly effectiveFrom: number;
  /** In the order of their names, each once. */
  readonly models: readonly ModelPrice[];
  /** What a model costs whose price nothing else tells; null where such a model is refused. */
  readonly fallback: TokenPrice | null;
  /** Where the prices were taken from; may be empty. */
  readonly source: string;
}

/** A million USD for a million tokens: more is a slip. */
export const tokenPriceMax = 1_000_000_000_000;

/** A model is named `provider:name`, in printable ASCII. */
export const modelForm = /^[a-z][a-z-]{0,31}:[\x20-\x7e]{1,128}$/;

/** Longest text of where prices were taken from, UTF-16 code units. */
export const sourceMax = 256;

const snapshotDate = /-(?:\d{8}|\d{4}-\d{2}-\d{2}|latest)$/;

/**
 * The row of a model: the one of its name, or else the one of its name without the date of a snapshot
 * (`-20250929`, `-2025-08-07`, `-latest`), since a snapshot costs what its model costs.
 */
export function rowOf<R extends { readonly model: string }>(
  rows: readonly R[],
  model: string,
): R | undefined {
  const plain = model.replace(snapshotDate, '');
  return rows.find((row) => row.model === model) ?? rows.find((row) => row.model === plain);
}
