import { type Digest } from '@chancery/kernel/encoding';
import { type Body, type SealedEntry } from '@chancery/kernel/ledger';

/** Controls that are engaged, by the digest of the entry that engaged them. */
export type Controls = ReadonlyMap<Digest, Body<'control.engaged'>>;

export function evolveControls(controls: Controls, { entry, digest }: SealedEntry): Controls {
  return entry.kind === 'control.engaged' ? new Map(controls).set(digest, entry.body) : controls;
}

/** The controls that halt a run, in the form that the compiler takes. */
export function controlsFor(
  controls: Controls,
  run: string,
): readonly { readonly scope: string; readonly reason: string }[] {
  return [...controls.values()]
    .filter(({ scope, run: only }) => scope === 'all' || only === run)
    .map(({ scope, reason }) => ({ scope, reason }));
}
