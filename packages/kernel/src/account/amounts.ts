/** An amount in each dimension of a budget: non-negative integers. */
export interface Amounts {
  readonly tokens: number;
  readonly costMicrousd: number;
  readonly calls: number;
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly bytesOut: number;
}

export type Dimension = keyof Amounts;

export const dimensions: readonly Dimension[] = [
  'tokens',
  'costMicrousd',
  'calls',
  'wallMs',
  'cpuMs',
  'bytesOut',
];
