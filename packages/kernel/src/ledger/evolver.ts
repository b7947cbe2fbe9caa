import type { Kind } from './catalogue.ts';
import type { SealedEntry } from './entry.ts';

/** What each kind does to a state; a kind that is not named says nothing of it. */
export type Steps<S> = { readonly [K in Kind]?: (state: S, sealed: SealedEntry<K>) => S };

/** Makes a fold, total over all kinds, of the steps that matter. */
export function evolver<S>(steps: Steps<S>): (state: S, sealed: SealedEntry) => S {
  return (state, sealed) => {
    const step = steps[sealed.entry.kind] as ((state: S, sealed: SealedEntry) => S) | undefined;
    return step === undefined ? state : step(state, sealed);
  };
}
