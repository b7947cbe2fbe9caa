/** One line of the table that a benchmark prints. */
export interface BenchRow {
  readonly name: string;
  /** Unit of the percentiles. */
  readonly unit: 'µs' | 'ms' | 'MiB' | 'B';
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly perSecond: number;
  /** What `ratio` compares with, measured in the same run: a name and how many of it a second. */
  readonly reference: { readonly name: string; readonly perSecond: number };
  /** How good ours is beside the reference; more is better. */
  readonly ratio: number;
  /** The least ratio that is asked for. */
  readonly bar: number;
  readonly met: boolean;
}

/** The value below which the share `p` (0 to 1) of the samples lies. */
export function percentile(samples: readonly number[], p: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? Number.NaN;
}

/** The three percentiles that a row tells. */
export function percentiles(samples: readonly number[]): Pick<BenchRow, 'p50' | 'p95' | 'p99'> {
  return {
    p50: percentile(samples, 0.5),
    p95: percentile(samples, 0.95),
    p99: percentile(samples, 0.99),
  };
}

/** Mean time of one of `times` runs, microseconds. */
export function meanUs(times: number, run: (index: number) => unknown): number {
  const at = performance.now();
  for (let index = 0; index < times; index += 1) run(index);
  return ((performance.now() - at) * 1_000) / times;
}
