import type { Entry } from '../ledger/index.ts';

/** An entry that tells how an intent was decided. */
export type Proposal = Entry<'proposal.staged' | 'proposal.suspended' | 'proposal.rejected'>;
