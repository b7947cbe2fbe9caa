import type { EgressLog, EgressRecord } from '@chancery/runtime/broker';

/** A request or a connection that is under way. What it came to is what is said first. */
export interface Entry {
  readonly sent: (bytes: number) => boolean;
  readonly received: (bytes: number) => boolean;
  readonly answered: (status: number) => void;
  readonly end: (verdict: string) => void;
}

/** What is asked, by whom it may have been written. */
export interface Asked {
  readonly host: string;
  readonly port: number;
  readonly method?: string;
}

interface Bounds {
  readonly listed: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** Longest host that is told; no name is longer. */
const hostChars = 256;

/** Counts and tells what one command asks, and says when it is too much. */
export class RequestLog {
  readonly #bounds: Bounds;
  readonly #records: { -readonly [K in keyof EgressRecord]: EgressRecord[K] }[] = [];
  #count = 0;
  #bytesIn = 0;
  #bytesOut = 0;
  #isHeard = false;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  begin({ host, port, method }: Asked): Entry {
    this.#count += 1;
    const record = {
      ...{ host: host.slice(0, hostChars).toWellFormed(), port, bytesIn: 0, bytesOut: 0 },
      ...(method === undefined ? {} : { method }),
      verdict: '',
    };
    if (this.#records.length < this.#bounds.listed) this.#records.push(record);
    const told: { -readonly [K in keyof EgressRecord]: EgressRecord[K] } = record;
    return {
      sent: (bytes) => {
        told.bytesOut += bytes;
        this.#bytesOut += bytes;
        return this.#bytesOut <= this.#bounds.bytesOut;
      },
      received: (bytes) => {
        told.bytesIn += bytes;
        this.#bytesIn += bytes;
        this.#isHeard ||= bytes > 0;
        return this.#bytesIn <= this.#bounds.bytesIn;
      },
      answered: (status) => (told.status = status),
      end: (verdict) => {
        if (told.verdict === '') told.verdict = verdict;
      },
    };
  }

  /** What is still under way ends with `verdict`. */
  close(verdict: string): EgressLog {
    for (const record of this.#records) if (record.verdict === '') record.verdict = verdict;
    return {
      requests: this.#records,
      unlisted: this.#count - this.#records.length,
      bytesOut: this.#bytesOut,
      heard: this.#isHeard,
    };
  }
}
