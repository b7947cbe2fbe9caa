import { addAmounts, dimensions, type Amounts } from '../account/index.ts';
import { type Entry } from '../ledger/index.ts';
import { type RunContext } from './run-context.ts';

/**
 * After an entry: what the run has spent and reserved, with what its writ's children hold, is within
 * the budget. Whoever reserves beyond it breaks the law; what costs more than it had reserved is
 * told, and nothing may be reserved in that dimension afterwards.
 */
export function checkBudget({ kind, body }: Entry, context: RunContext): void {
  const { trajectory, authority, tell } = context;
  const reserving = kind === 'model.requested' || kind === 'execution.started';
  const settling = kind === 'model.responded' || kind === 'commit' || kind === 'execution.failed';
  if (!reserving && !settling) return;
  const writ = trajectory.started?.writ;
  const budget = writ === undefined ? undefined : authority.writs.chain(writ)[0]?.writ.budget;
  if (writ === undefined || budget === undefined) return;
  const taken = total(trajectory.spent, authority.writs.carved(writ), trajectory.reserved);
  const asked: Partial<Amounts> = reserving ? body.reserved : {};
  for (const dimension of dimensions) {
    if (taken[dimension] <= budget[dimension]) continue;
    const over = `${taken[dimension]} of ${budget[dimension]} ${dimension}`;
    if (settling) tell('budget.overrun', `${over} are taken`);
    else if ((asked[dimension] ?? 0) > 0) tell('budget.overspent', `${over} are taken`);
  }
}

function total(spent: Amounts, carved: Amounts, reserved: ReadonlyMap<string, Amounts>): Amounts {
  let sum = addAmounts(spent, carved);
  for (const each of reserved.values()) sum = addAmounts(sum, each);
  return sum;
}
