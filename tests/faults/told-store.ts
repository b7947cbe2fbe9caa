import type { AppendOutcome, LedgerStore, SealedBatch } from '@chancery/kernel/ledger';
import { loudness } from './loudness.ts';

/** What those who used a ledger were told by its stores. */
export interface Told {
  /** Batches that were given to a store, whatever became of them. */
  readonly sent: SealedBatch[];
  /** Those that were acknowledged, by their position. */
  readonly acknowledged: Map<number, SealedBatch>;
  /** What stores refused that were not closed, but for batches that are invalid in themselves. */
  readonly refused: string[];
}

export function nothingTold(): Told {
  return { sent: [], acknowledged: new Map(), refused: [] };
}

/** What an act gives; what it refuses is noted. */
export async function noting<T>({ refused }: Told, act: () => T | Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const what = loudness(error);
    if (what !== 'entry.invalid') refused.push(what);
    throw error;
  }
}

/** A store of which it is noted what it tells. */
export class ToldStore implements LedgerStore {
  readonly #store: LedgerStore;
  readonly #told: Told;
  readonly #beforeClose: () => Promise<void>;
  #isClosed = false;

  constructor(
    store: LedgerStore,
    told: Told,
    beforeClose: () => Promise<void> = () => Promise.resolve(),
  ) {
    this.#store = store;
    this.#told = told;
    this.#beforeClose = beforeClose;
  }

  async append(batch: SealedBatch): Promise<AppendOutcome> {
    this.#told.sent.push(batch);
    const outcome = await this.#noting((store) => store.append(batch));
    if (outcome.kind === 'appended') this.#told.acknowledged.set(outcome.position, batch);
    return outcome;
  }

  head(stream: string): ReturnType<LedgerStore['head']> {
    return this.#noting((store) => store.head(stream));
  }

  heads(streams: readonly string[]): ReturnType<LedgerStore['heads']> {
    return this.#noting((store) => store.heads(streams));
  }

  read(stream: string, fromSeq: number, limit: number): ReturnType<LedgerStore['read']> {
    return this.#noting((store) => store.read(stream, fromSeq, limit));
  }

  readAll(fromPosition: number, limit: number): ReturnType<LedgerStore['readAll']> {
    return this.#noting((store) => store.readAll(fromPosition, limit));
  }

  streams(prefix: string): ReturnType<LedgerStore['streams']> {
    return this.#noting((store) => store.streams(prefix));
  }

  blob(digest: string): ReturnType<LedgerStore['blob']> {
    return this.#noting((store) => store.blob(digest));
  }

  subscribe(listener: () => void): () => void {
    return this.#store.subscribe(listener);
  }

  async close(): Promise<void> {
    if (!this.#isClosed) await this.#beforeClose();
    this.#isClosed = true;
    await noting(this.#told, () => this.#store.close());
  }

  #noting<T>(act: (store: LedgerStore) => Promise<T>): Promise<T> {
    return this.#isClosed ? act(this.#store) : noting(this.#told, () => act(this.#store));
  }
}
