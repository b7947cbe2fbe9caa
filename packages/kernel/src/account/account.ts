import type { Amounts } from './amounts.ts';
import { addAmounts, clampedSubtract, zeroAmounts } from './arithmetic.ts';

/**
 * What has become of the budget of a writ. In each dimension, what was granted and what it was
 * overrun by are together what children hold, what is reserved, spent, returned, and left.
 */
export interface Account {
  readonly granted: Amounts;
  /** What children hold of it: what they took, less what they brought back. */
  readonly carved: Amounts;
  /** What is begun holds it, and settles it when it ends. */
  readonly reserved: Amounts;
  readonly spent: Amounts;
  /** What it brought back to the writ above when it was closed. */
  readonly returned: Amounts;
}

/** All that is not there any more to be carved, reserved or returned. */
export function takenOf({ carved, reserved, spent, returned }: Account): Amounts {
  return sumOf([carved, reserved, spent, returned]);
}

/** What may still be carved, reserved or returned; nothing in a dimension that is overrun. */
export function leftOf(account: Account): Amounts {
  return clampedSubtract(account.granted, takenOf(account));
}

/** What is taken beyond what was granted: something has cost more than it had reserved. */
export function overrunOf(account: Account): Amounts {
  return clampedSubtract(takenOf(account), account.granted);
}

export function sumOf(amounts: Iterable<Amounts>): Amounts {
  let sum = zeroAmounts;
  for (const each of amounts) sum = addAmounts(sum, each);
  return sum;
}
