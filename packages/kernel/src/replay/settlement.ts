import { zeroAmounts, type Amounts } from '../account/index.ts';
import type { Draft, Entry } from '../ledger/index.ts';

/**
 * What an entry of a run adds to what the run has spent; `reserved` is what is not settled before it.
 * An attempt whose end nobody recorded pays all that it reserved when another one begins.
 */
export function settledBy(
  { kind, body }: Draft | Entry,
  reserved: ReadonlyMap<string, Amounts>,
): Amounts {
  if (kind === 'execution.started') return reserved.get(body.action) ?? zeroAmounts;
  const settles =
    kind === 'model.responded' ||
    kind === 'model.interrupted' ||
    kind === 'commit' ||
    kind === 'execution.failed';
  return settles ? { ...zeroAmounts, ...body.cost } : zeroAmounts;
}
