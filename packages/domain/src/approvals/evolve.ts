import { evolver } from '@chancery/kernel/ledger';
import { type Approval } from './model.ts';

/** Total: an entry that says nothing of approvals, or comes when none is open, changes nothing. */
export const evolve = evolver<Approval>({
  'approval.requested': (_state, { entry, digest }) => ({
    phase: 'open',
    requestDigest: digest,
    request: entry.body,
    votes: [],
  }),
  'approval.voted': (state, { entry }) =>
    state.phase === 'open' ? { ...state, votes: [...state.votes, entry.body.envelope] } : state,
  'approval.resolved': (state, { entry: { at, body } }) =>
    state.phase === 'open'
      ? {
          phase: 'resolved',
          requestDigest: state.requestDigest,
          request: state.request,
          votes: state.votes,
          outcome: body.outcome,
          voters: body.voters,
          resolvedAtMs: at,
        }
      : state,
});
