/** What one command may take of its proxy. Times are of single steps; the command itself has an end. */
export interface ProxyLimits {
  /** Connections of the command at one time. */
  readonly connections: number;
  /** Requests that are told one by one. */
  readonly listed: number;
  /** Bytes that hosts may send in all. */
  readonly bytesIn: number;
  /** To find an address, and to connect to it. */
  readonly connectMs: number;
  /** For what the command says first on a tunnel, and for the head of each of its requests. */
  readonly helloMs: number;
  /** From the end of a request to the head of its answer. */
  readonly answerMs: number;
  /** In which nothing comes from either side. */
  readonly idleMs: number;
}

export const usualLimits: ProxyLimits = {
  connections: 128,
  listed: 64,
  bytesIn: 1_073_741_824,
  connectMs: 10_000,
  helloMs: 10_000,
  answerMs: 60_000,
  idleMs: 120_000,
};
