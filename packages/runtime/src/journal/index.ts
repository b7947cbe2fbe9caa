export { guardedClock, type Clock } from './clock.ts';
export { Followers, type FollowOptions } from './followers.ts';
export {
  Journal,
  type Heads,
  type JournalOptions,
  type Reliance,
  type Written,
} from './journal.ts';
export { entriesOf } from './pages.ts';
