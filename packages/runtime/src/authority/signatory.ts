import type { Digest, Signer } from '@chancery/kernel/encoding';
import type { LedgerStore } from '@chancery/kernel/ledger';
import type { Clock } from '../journal/index.ts';
import type { Authority } from './authority.ts';

/** Who signs an entry that gives or takes authority, and the ledger that it is for. */
export interface Signatory {
  readonly store: LedgerStore;
  readonly ledger: Digest;
  readonly clock: Clock;
  readonly authority: Authority;
  readonly by: Signer;
}
