import { setTimeout as sleep } from 'node:timers/promises';
import type { Digest } from '@chancery/kernel/encoding';
import type {
  AppendOutcome,
  BatchCheck,
  Head,
  LedgerStore,
  SealedBatch,
  StoredEntry,
  StreamHead,
} from '@chancery/kernel/ledger';
import { Fault, refusal, RefusalError } from '@chancery/kernel/refusal';
import { openOffice, readAddress, type Office } from './address.ts';
import { Link } from './link.ts';
import { takeLock, type OwnerLock } from './lock.ts';
import { Owner } from './owner.ts';
import { defaultPatienceMs, retryMs } from './patience.ts';
import { Subscriptions } from './subscriptions.ts';

export interface OwnedLedgerOptions {
  /** Folder of the ledger, on a disk of this machine. */
  readonly folder: string;
  /** What every batch of another process must pass before it is written. */
  readonly check: BatchCheck;
  /** Opens the ledger to write it; called by one process at a time. */
  readonly openOwned: () => LedgerStore;
  /** Opens the ledger to read it while another process writes; its `head` must not be stale. */
  readonly openRead: () => LedgerStore;
  /** How long to wait for an owner that is there and does not answer. */
  readonly patienceMs?: number;
}

export interface SharedLedger extends LedgerStore {
  /** Whether this process writes itself; a guest becomes the owner when there is none. */
  readonly role: 'owner' | 'guest';
}

type Seat =
  | {
      readonly role: 'owner';
      readonly store: LedgerStore;
      readonly owner: Owner;
      readonly lock: OwnerLock;
    }
  | { readonly role: 'guest'; readonly store: LedgerStore };

/**
 * Opens a ledger that several processes of this machine use: the first owns it, the others read it
 * directly and write through the owner.
 * @throws {RefusalError} as the store does; `ledger.busy` when the owner does not answer in time.
 */
export async function openLedger(options: OwnedLedgerOptions): Promise<SharedLedger> {
  const office = openOffice(options.folder);
  const deadline = performance.now() + (options.patienceMs ?? defaultPatienceMs);
  for (;;) {
    const seat = (await takeOwnerSeat(options, office)) ?? openGuestSeat(options, deadline);
    if (seat !== undefined) return new Ledger(options, office, seat);
    await sleep(retryMs);
  }
}

async function takeOwnerSeat(
  { openOwned, check }: OwnedLedgerOptions,
  office: Office,
): Promise<Seat | undefined> {
  const lock = takeLock(office.lock);
  if (lock === undefined) return undefined;
  let store: LedgerStore | undefined;
  try {
    store = openOwned();
    const owner = await Owner.start({ store, check, office });
    return { role: 'owner', store, owner, lock };
  } catch (error) {
    await store?.close();
    lock.release();
    throw error;
  }
}

/** Undefined while an owner is still founding the ledger. */
function openGuestSeat({ openRead }: OwnedLedgerOptions, deadline: number): Seat | undefined {
  try {
    return { role: 'guest', store: openRead() };
  } catch (error) {
    const isMissing = error instanceof RefusalError && error.refusal.code === 'ledger.missing';
    if (!isMissing || performance.now() > deadline) throw error;
    return undefined;
  }
}

function busy(message: string): RefusalError {
  return new RefusalError(refusal('ledger.busy', message));
}

class Ledger implements SharedLedger {
  readonly #options: OwnedLedgerOptions;
  readonly #office: Office;
  readonly #subscriptions = new Subscriptions();
  readonly #asking = new Set<Promise<AppendOutcome>>();
  #seat: Seat;
  #link: Link | undefined;
  #settling: Promise<void> | undefined;
  #closed = false;

  constructor(options: OwnedLedgerOptions, office: Office, seat: Seat) {
    this.#options = options;
    this.#office = office;
    this.#seat = seat;
  }

  get role(): 'owner' | 'guest' {
    return this.#seat.role;
  }

  async append(batch: SealedBatch): Promise<AppendOutcome> {
    if (this.#seat.role === 'owner') return this.#seat.store.append(batch);
    this.#assertOpen();
    const asked = this.#ask(batch);
    this.#asking.add(asked);
    try {
      return await asked;
    } finally {
      this.#asking.delete(asked);
    }
  }

  async head(stream: string): Promise<Head | null> {
    return this.#seat.store.head(stream);
  }

  async heads(streams: readonly string[]): Promise<readonly (Head | null)[]> {
    return this.#seat.store.heads(streams);
  }

  async read(stream: string, fromSeq: number, limit: number): Promise<readonly StoredEntry[]> {
    return this.#seat.store.read(stream, fromSeq, limit);
  }

  async readAll(fromPosition: number, limit: number): Promise<readonly StoredEntry[]> {
    return this.#seat.store.readAll(fromPosition, limit);
  }

  async streams(prefix: string): Promise<readonly StreamHead[]> {
    return this.#seat.store.streams(prefix);
  }

  async blob(digest: Digest): Promise<Uint8Array | undefined> {
    return this.#seat.store.blob(digest);
  }

  subscribe(listener: () => void): () => void {
    return this.#subscriptions.add(this.#seat.store, listener);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.allSettled([...this.#asking]);
    this.#link?.close();
    const seat = this.#seat;
    if (seat.role === 'owner') await seat.owner.close();
    await seat.store.close();
    if (seat.role === 'owner') seat.lock.release();
  }

  /**
   * Has the owner write the batch. When the outcome stays unknown because the owner went, the
   * ledger is read: a batch that is there was written. One that is not is asked for again, and
   * cannot be written twice: the heads that it is sealed upon are then gone, a conflict.
   */
  async #ask(batch: SealedBatch): Promise<AppendOutcome> {
    const deadline = performance.now() + (this.#options.patienceMs ?? defaultPatienceMs);
    for (let isFirst = true; ; isFirst = false) {
      const asked = await this.#askOnce(batch, deadline);
      switch (asked.kind) {
        case 'outcome': {
          if (isFirst || asked.outcome.kind === 'appended') return asked.outcome;
          return (await this.#find(batch)) ?? asked.outcome;
        }
        case 'refusal':
          throw new RefusalError(asked.refusal);
        case 'fault':
          throw new Fault(`the owner of the ledger: ${asked.message}`);
        case 'silent':
        case 'lost': {
          const found = await this.#find(batch);
          if (found !== undefined) return found;
          if (asked.kind === 'lost') break;
          throw busy('the owner does not answer; it may still write the batch');
        }
      }
    }
  }

  async #askOnce(batch: SealedBatch, deadline: number): ReturnType<Link['ask']> {
    await this.#settle(deadline);
    const seat = this.#seat;
    if (seat.role === 'owner') return { kind: 'outcome', outcome: await seat.store.append(batch) };
    if (this.#link === undefined) return { kind: 'lost' };
    const asked = await this.#link.ask(batch, deadline - performance.now());
    // What a silent owner is asked next goes over a new connection: this one is behind.
    if (asked.kind === 'silent') this.#link.close();
    return asked;
  }

  /** Where the batch was written, if it was: a batch is there whole or not at all. */
  async #find({ entries }: SealedBatch): Promise<AppendOutcome | undefined> {
    const [first] = entries;
    if (first === undefined) return undefined;
    const [stored] = await this.read(first.entry.stream, first.entry.seq, 1);
    if (stored?.seq !== first.entry.seq || stored.text !== first.text) return undefined;
    return { kind: 'appended', position: stored.position };
  }

  /** Returns with an open connection to the owner, or as the owner. */
  async #settle(deadline: number): Promise<void> {
    while (this.#seat.role === 'guest' && this.#link?.isOpen !== true) {
      if (performance.now() > deadline) throw busy('the owner of the ledger cannot be reached');
      this.#settling ??= this.#tryToSettle(deadline).finally(() => (this.#settling = undefined));
      await this.#settling;
    }
  }

  async #tryToSettle(deadline: number): Promise<void> {
    const seat = await takeOwnerSeat(this.#options, this.#office);
    if (seat !== undefined) return this.#take(seat);
    const address = readAddress(this.#office);
    const waitMs = Math.max(1, deadline - performance.now());
    this.#link = address === undefined ? undefined : await Link.connect(address, waitMs);
    if (this.#link === undefined) await sleep(retryMs);
  }

  async #take(seat: Seat): Promise<void> {
    const left = this.#seat.store;
    this.#seat = seat;
    this.#subscriptions.move(seat.store);
    await left.close();
  }

  #assertOpen(): void {
    if (this.#closed) throw new RefusalError(refusal('ledger.unreachable', 'the store is closed'));
  }
}
