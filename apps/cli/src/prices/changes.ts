import type { TokenPrice } from '@chancery/kernel/account';
import { recordText } from '@chancery/kernel/encoding';
import type { PriceTable } from '@chancery/kernel/prices';
import type { Session } from '../session.ts';
import { priceText } from '../terminal/amounts.ts';
import { visible } from '../terminal/visible.ts';

/** A row that two tables have differently; null where one has it not. */
interface PriceChange {
  /** Null for the fallback. */
  readonly model: string | null;
  readonly before: TokenPrice | null;
  readonly after: TokenPrice | null;
}

/** What differs from the table whose place another takes. */
export function priceChanges(
  before: Pick<PriceTable, 'models' | 'fallback'> | undefined,
  after: Pick<PriceTable, 'models' | 'fallback'>,
): readonly PriceChange[] {
  const [was, is] = [rowsOf(before), rowsOf(after)];
  const all = [...new Set([...was.keys(), ...is.keys()])].sort(byName);
  return all.flatMap((model) => {
    const change = { model, before: was.get(model) ?? null, after: is.get(model) ?? null };
    return recordText(change.before) === recordText(change.after) ? [] : [change];
  });
}

/** By name, the fallback last. */
function byName(a: string | null, b: string | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return a < b ? -1 : 1;
}

function rowsOf(
  table: Pick<PriceTable, 'models' | 'fallback'> | undefined,
): ReadonlyMap<string | null, TokenPrice> {
  const rows = new Map<string | null, TokenPrice>();
  for (const { model, ...price } of table?.models ?? []) rows.set(model, price);
  const { fallback = null } = table ?? {};
  return fallback === null ? rows : rows.set(null, fallback);
}

/** Tells what differs, a row each. */
export function showPriceChanges(
  { terminal, json }: Session,
  changes: readonly PriceChange[],
): void {
  if (json) {
    for (const change of changes) terminal.json({ type: 'price-change', ...change });
    return;
  }
  if (changes.length === 0) terminal.line('No price differs.');
  for (const { model, before, after } of changes) {
    const name = model === null ? 'any other model' : visible(model);
    if (before !== null) terminal.line(terminal.paint.red(`- ${name}: ${priceText(before)}`));
    if (after !== null) terminal.line(terminal.paint.green(`+ ${name}: ${priceText(after)}`));
  }
}
