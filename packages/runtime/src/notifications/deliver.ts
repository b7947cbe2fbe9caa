import { concerns, notificationOf, type Hook } from '@chancery/domain/notifications';
import type { Digest } from '@chancery/kernel/encoding';
import { readEntry, type LedgerStore, type StoredEntry } from '@chancery/kernel/ledger';
import { refusal, RefusalError, type Refusal } from '@chancery/kernel/refusal';
import { ledgerSize } from '../journal/index.ts';
import type { Courier, HeldPlace, HookPlaces } from './ports.ts';

export interface Delivery {
  readonly store: LedgerStore;
  readonly ledger: Digest;
  readonly hook: Hook;
  readonly courier: Courier;
  readonly places: HookPlaces;
}

export type Delivered =
  /** Another process delivers to it. */
  | { readonly kind: 'busy' }
  | {
      readonly kind: 'done';
      /** Notifications that have arrived now. */
      readonly count: number;
      /** Why the next one has not; undefined where all have. */
      readonly failure: Refusal | undefined;
    };

const pageSize = 512;

/**
 * Tells a hook of everything that it was not told of, in the order of the ledger, each at least once.
 * It ends at the first that does not arrive, and goes on with that one the next time. A new hook is
 * told of what comes from now on.
 * @throws {RefusalError} `ledger.corrupt` for an entry that no version has written.
 */
export async function deliverNew(delivery: Delivery): Promise<Delivered> {
  const { hook, places, store } = delivery;
  const place = await places.acquire(hook);
  if (place === undefined) return { kind: 'busy' };
  try {
    const from = await place.read();
    if (from !== undefined) return await deliverFrom(delivery, place, from);
    await place.write(await ledgerSize(store));
    return { kind: 'done', count: 0, failure: undefined };
  } finally {
    await place.release();
  }
}

async function deliverFrom(delivery: Delivery, place: HeldPlace, from: number): Promise<Delivered> {
  let count = 0;
  let position = from;
  for (;;) {
    const page = await delivery.store.readAll(position, pageSize);
    for (const stored of page) {
      const told = await tell(delivery, stored);
      if (told === 'nothing') continue;
      if (told !== 'told') {
        await place.write(stored.position);
        return { kind: 'done', count, failure: told };
      }
      count += 1;
      await place.write(stored.position + 1);
    }
    const next = position + page.length;
    if (next > position) await place.write(next);
    position = next;
    if (page.length < pageSize) return { kind: 'done', count, failure: undefined };
  }
}

async function tell(
  { ledger, hook, courier }: Delivery,
  stored: StoredEntry,
): Promise<'nothing' | 'told' | Refusal> {
  if (!mayConcern(hook, stored.text)) return 'nothing';
  const read = readEntry(stored);
  if (!read.ok) throw corrupt(stored, read.refusal.message);
  const notification = notificationOf({ ...read.value, position: stored.position }, ledger);
  if (notification === undefined || !concerns(hook, notification)) return 'nothing';
  const delivered = await courier.deliver(notification);
  return delivered.ok ? 'told' : delivered.refusal;
}

/** Spares reading most entries: each has its kind in its text, and some have others' as well. */
function mayConcern({ on }: Hook, text: string): boolean {
  return on.some((kind) => text.includes(`"kind":"${kind}"`));
}

function corrupt({ stream, seq }: StoredEntry, why: string): RefusalError {
  return new RefusalError(refusal('ledger.corrupt', `entry ${seq} of ${stream}: ${why}`));
}
