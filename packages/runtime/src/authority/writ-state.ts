import { addAmounts, clampedSubtract, zeroAmounts, type Amounts } from '@chancery/kernel/account';
import type { Digest } from '@chancery/kernel/encoding';
import { evolver, type SealedEntry } from '@chancery/kernel/ledger';
import { RefusalError, type Result } from '@chancery/kernel/refusal';
import {
  checkRevocation,
  readRevocation,
  readWrit,
  withoutCompromises,
  type ReadWrit,
  type Trust,
} from '@chancery/kernel/writ';

/** What the stream of a writ says of it. */
export interface WritState {
  readonly writ: ReadWrit | undefined;
  /** Where it is recorded in the order of the whole ledger. */
  readonly issuedAt: number | undefined;
  readonly revoked: boolean;
  /** Budget that children have taken and not brought back. */
  readonly carved: Amounts;
  /** How many children were ever issued. */
  readonly children: number;
  /** Children that have not been closed. */
  readonly open: ReadonlySet<Digest>;
  /** What each child that was closed has brought back. */
  readonly brought: ReadonlyMap<Digest, Amounts>;
}

export const initialWritState: WritState = {
  writ: undefined,
  issuedAt: undefined,
  revoked: false,
  carved: zeroAmounts,
  children: 0,
  open: new Set(),
  brought: new Map(),
};

/** The fold of a writ's stream; `trust` tells whose revocations count. */
export function writFold(trust: () => Trust): (state: WritState, sealed: SealedEntry) => WritState {
  return evolver<WritState>({
    'writ.issued': (state, { entry, position }) => ({
      ...state,
      writ: valueOf(readWrit(entry.body.envelope)),
      issuedAt: position,
    }),
    'writ.carved': (state, { entry }) => ({
      ...state,
      carved: addAmounts(state.carved, entry.body.budget),
      children: state.children + 1,
      open: new Set(state.open).add(entry.body.child),
    }),
    'writ.closed': (state, { entry }) => {
      const { child, returned } = entry.body;
      const open = new Set(state.open);
      open.delete(child);
      const brought = new Map(state.brought).set(child, returned);
      return { ...state, carved: clampedSubtract(state.carved, returned), open, brought };
    },
    // It stands even where its key is found to be compromised: it only takes away.
    'writ.revoked': (state, { entry, position }) => {
      const revocation = valueOf(readRevocation(entry.body.envelope));
      const unfit =
        state.writ &&
        checkRevocation(revocation, state.writ, withoutCompromises(trust()), position);
      if (unfit !== undefined) throw new RefusalError(unfit);
      return { ...state, revoked: true };
    },
  });
}

/** @throws {RefusalError} for what should not have been recorded. */
function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new RefusalError(result.refusal);
  return result.value;
}
