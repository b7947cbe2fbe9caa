export {
  checkVote,
  heardFor,
  isExpired,
  tally,
  voicesOf,
  type Hearing,
  type Tally,
  type TallyInput,
  type VoteRequest,
} from './tally.ts';
export { checkWord, giveWord, type Word, type WordContext } from './word.ts';
export { castVote, readVote, type ReadVote, type Vote } from './vote.ts';
