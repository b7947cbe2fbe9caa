import {
  concerns,
  evolveControls,
  type Bearing,
  type Controls,
  type Halt,
} from '@chancery/kernel/control';
import type { SealedEntry } from '@chancery/kernel/ledger';
import { refusal, RefusalError } from '@chancery/kernel/refusal';
import type { Trust } from '@chancery/kernel/writ';

/**
 * Controls after an entry. One that is not signed as it must be stops everything that relies on
 * controls until a human has looked, though a control only takes away: to pass it over would let
 * whoever can write the file turn a true one off by spoiling its signature, and to heed it would
 * let them put words into the mouth of a human.
 * @throws {RefusalError} `ledger.corrupt`.
 */
export function believed(controls: Controls, sealed: SealedEntry, trust: Trust): Controls {
  const evolved = evolveControls(controls, sealed, trust);
  if (evolved.ok) return evolved.value;
  const { stream, seq } = sealed.entry;
  const why = `entry ${seq} of ${stream}: ${evolved.refusal.message}`;
  throw new RefusalError(refusal('ledger.corrupt', why));
}

/** The controls that concern a run, in the form that the compiler takes. */
export function haltsOf(controls: Controls, bearing: Bearing): readonly Halt[] {
  return [...controls.values()]
    .filter((control) => concerns(control, bearing))
    .map(({ scope, mode, reason }) => ({ scope, mode, reason, source: 'ledger' }));
}
