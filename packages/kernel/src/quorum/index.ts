export {
  checkVote,
  isExpired,
  qualifiedVoters,
  tally,
  type Tally,
  type TallyInput,
  type VoteRequest,
} from './tally.ts';
export { castVote, readVote, type ReadVote, type Vote } from './vote.ts';
