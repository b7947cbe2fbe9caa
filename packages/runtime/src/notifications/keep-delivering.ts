import type { Refusal } from '@chancery/kernel/refusal';
import { deliverNew, type Delivery } from './deliver.ts';

export interface KeepDelivering extends Delivery {
  /** Ends it, after a last attempt. */
  readonly signal: AbortSignal;
  /** Told why something has not arrived, once until something arrives again. */
  readonly onFailure: (failure: Refusal) => void;
}

const shortestRestMs = 250;
const longestRestMs = 30_000;

/**
 * Tells a hook of what a ledger records, as it is recorded. After a failure it waits twice as long
 * each time until it tries again.
 * @throws {RefusalError} as `deliverNew`; then it has ended.
 */
export async function keepDelivering(options: KeepDelivering): Promise<void> {
  const { signal, onFailure } = options;
  const news = newsOf(options);
  let restMs = shortestRestMs;
  let told = false;
  try {
    for (;;) {
      const over = signal.aborted;
      const delivered = await deliverNew(options);
      const failure = delivered.kind === 'done' ? delivered.failure : undefined;
      if (failure !== undefined && !told) onFailure(failure);
      told = failure !== undefined;
      if (over) return;
      restMs = failure === undefined ? shortestRestMs : Math.min(restMs * 2, longestRestMs);
      await rest(restMs, signal);
      if (failure === undefined) await news.wait();
    }
  } finally {
    news.end();
  }
}

interface News {
  /** Resolves when there may be something new since the last time, or it is to end. */
  wait(): Promise<void>;
  end(): void;
}

function newsOf({ store, signal }: KeepDelivering): News {
  let fresh = false;
  let wake: (() => void) | undefined;
  const tell = (): void => {
    fresh = true;
    wake?.();
  };
  const unsubscribe = store.subscribe(tell);
  signal.addEventListener('abort', tell);
  return {
    async wait() {
      if (!fresh && !signal.aborted) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      wake = undefined;
      fresh = false;
    },
    end() {
      unsubscribe();
      signal.removeEventListener('abort', tell);
    },
  };
}

/** Waits so long, or until it is to end. */
function rest(restMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, restMs);
    signal.addEventListener('abort', end);
  });
}
