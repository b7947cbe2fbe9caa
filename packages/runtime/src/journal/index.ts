export {
  guardedClock,
  type Clock,
  type ClockJump,
  type GuardOptions,
  type TimeSource,
} from './clock.ts';
export { Followers, type FollowOptions } from './followers.ts';
export {
  Journal,
  type Heads,
  type JournalOptions,
  type Reliance,
  type Written,
} from './journal.ts';
export { entriesBackwards, entriesOf, ledgerSize } from './pages.ts';
