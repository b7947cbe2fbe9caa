import { addAmounts, clampedSubtract, dimensions, type Amounts } from '../account/index.ts';
import { type Entry } from '../ledger/index.ts';
import { type RunContext } from './run-context.ts';

/**
 * After an entry: what the run has spent and reserved, with what its writ's children hold, is within
 * the budget. Whoever reserves beyond it breaks the law; what costs more than it had reserved is
 * told, and nothing may be reserved in that dimension afterwards.
 */
export function checkBudget({ kind, body }: Entry, context: RunContext): void {
  const reserving = kind === 'model.requested' || kind === 'execution.started';
  const settling = kind === 'model.responded' || kind === 'commit' || kind === 'execution.failed';
  if (!reserving && !settling) return;
  const account = accountOf(context);
  if (account === undefined) return;
  const { budget, taken } = account;
  const asked: Partial<Amounts> = reserving ? body.reserved : {};
  for (const dimension of dimensions) {
    if (taken[dimension] <= budget[dimension]) continue;
    const over = `${taken[dimension]} of ${budget[dimension]} ${dimension}`;
    if (settling) context.tell('budget.overrun', `${over} are taken`);
    else if ((asked[dimension] ?? 0) > 0) context.tell('budget.overspent', `${over} are taken`);
  }
}

/** What the run's writ has left: its budget less what children hold, what is spent and reserved. */
export function budgetLeft(context: RunContext): Amounts | undefined {
  const account = accountOf(context);
  return account && clampedSubtract(account.budget, account.taken);
}

interface Account {
  readonly budget: Amounts;
  readonly taken: Amounts;
}

/** Undefined while the run acts under no writ that is known. */
function accountOf({ state, authority }: RunContext): Account | undefined {
  const writ = state.started?.writ;
  const budget = writ === undefined ? undefined : authority.writs.chain(writ)[0]?.writ.budget;
  if (writ === undefined || budget === undefined) return undefined;
  let taken = addAmounts(state.spent, authority.writs.carved(writ));
  for (const each of state.reserved.values()) taken = addAmounts(taken, each);
  return { budget, taken };
}
