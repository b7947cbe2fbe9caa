import {
  dimensions,
  leftOf,
  sumOf,
  takenOf,
  zeroAmounts,
  type Account,
  type Amounts,
} from '../account/index.ts';
import type { Entry } from '../ledger/index.ts';
import type { RunContext } from './run-context.ts';

/**
 * After an entry: what the run has spent and reserved, with what its writ's children hold, is within
 * the budget. Whoever reserves beyond it breaks the law; what costs more than it had reserved is
 * told, and nothing may be reserved in that dimension afterwards.
 */
export function checkBudget({ kind, body }: Entry, context: RunContext): void {
  const reserving = kind === 'model.requested' || kind === 'execution.started';
  const settling =
    kind === 'model.responded' ||
    kind === 'model.interrupted' ||
    kind === 'commit' ||
    kind === 'execution.failed';
  if (!reserving && !settling) return;
  const account = accountOf(context);
  if (account === undefined) return;
  const { granted } = account;
  const taken = takenOf(account);
  const asked: Partial<Amounts> = reserving ? body.reserved : {};
  for (const dimension of dimensions) {
    if (taken[dimension] <= granted[dimension]) continue;
    const over = `${taken[dimension]} of ${granted[dimension]} ${dimension}`;
    if (settling) context.tell('budget.overrun', `${over} are taken`);
    else if ((asked[dimension] ?? 0) > 0) context.tell('budget.overspent', `${over} are taken`);
  }
}

/** What the run's writ has left: its budget less what children hold, what is spent and reserved. */
export function budgetLeft(context: RunContext): Amounts | undefined {
  const account = accountOf(context);
  return account && leftOf(account);
}

/** Undefined while the run acts under no writ that is known. */
function accountOf({ state, authority }: RunContext): Account | undefined {
  const writ = state.started?.writ;
  const granted = writ === undefined ? undefined : authority.writs.chain(writ)[0]?.writ.budget;
  if (writ === undefined || granted === undefined) return undefined;
  return {
    granted,
    carved: authority.writs.carved(writ),
    reserved: sumOf(state.reserved.values()),
    spent: state.spent,
    returned: zeroAmounts,
  };
}
