import type { Place } from './finding.ts';

const rowWidth = 3;
const firstRows = 4;

/**
 * What was done in a stream, ascending: where it stands, and a number that says by what. An act takes
 * 24 bytes, so that all acts of every run can be kept while a ledger is verified.
 */
export class Acts {
  readonly #stream: string;
  #rows = new Float64Array(firstRows * rowWidth);
  #count = 0;

  constructor(stream: string) {
    this.#stream = stream;
  }

  push({ position, seq }: Place, by: number): void {
    const at = this.#count * rowWidth;
    if (at === this.#rows.length) {
      const wider = new Float64Array(2 * at);
      wider.set(this.#rows);
      this.#rows = wider;
    }
    this.#rows.set([position, seq, by], at);
    this.#count += 1;
  }

  /** Places of all of them. */
  *places(): Generator<Place> {
    yield* this.#where(() => true);
  }

  /** Places of those that were done by one of these. */
  *by(numbers: ReadonlySet<number>): Generator<Place> {
    yield* this.#where((number) => numbers.has(number));
  }

  *#where(isWanted: (by: number) => boolean): Generator<Place> {
    for (let at = 0; at < this.#count * rowWidth; at += rowWidth) {
      const [position = 0, seq = 0, by = 0] = this.#rows.subarray(at, at + rowWidth);
      if (isWanted(by)) yield { position, stream: this.#stream, seq };
    }
  }
}
