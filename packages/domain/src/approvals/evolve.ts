import { evolver } from '@chancery/kernel/ledger';
import type { Approval } from './model.ts';

/** Total: an entry that says nothing of approvals, or comes when none is open, changes nothing. */
export const evolve = evolver<Approval>({
  'approval.requested': (state, { entry, digest }) => ({
    phase: 'open',
    requestDigest: digest,
    request: entry.body,
    channels: [...channelsBefore(state), entry.body.channel],
    votes: [],
    votedAt: [],
  }),
  'approval.voted': (state, { entry, position }) =>
    state.phase === 'open'
      ? {
          ...state,
          votes: [...state.votes, entry.body.envelope],
          votedAt: [...state.votedAt, position],
        }
      : state,
  'approval.resolved': (state, { entry: { at, body } }) =>
    state.phase === 'open'
      ? {
          phase: 'resolved',
          requestDigest: state.requestDigest,
          request: state.request,
          channels: state.channels,
          votes: state.votes,
          votedAt: state.votedAt,
          outcome: body.outcome,
          voters: body.voters,
          resolvedAtMs: at,
        }
      : state,
});

function channelsBefore(state: Approval): readonly string[] {
  return state.phase === 'resolved' && state.outcome === 'escalated' ? state.channels : [];
}
