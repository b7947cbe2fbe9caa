import type { LedgerStore } from '@chancery/kernel/ledger';

interface Subscription {
  readonly listener: () => void;
  stop: () => void;
}

/** Listeners that outlive the store that they listen to. */
export class Subscriptions {
  readonly #all = new Set<Subscription>();

  add(store: LedgerStore, listener: () => void): () => void {
    const subscription: Subscription = { listener, stop: store.subscribe(listener) };
    this.#all.add(subscription);
    return () => {
      this.#all.delete(subscription);
      subscription.stop();
    };
  }

  /** Goes on with another store. Each listener is called: it may have missed something between. */
  move(store: LedgerStore): void {
    for (const subscription of this.#all) {
      subscription.stop();
      subscription.stop = store.subscribe(subscription.listener);
      queueMicrotask(subscription.listener);
    }
  }
}
