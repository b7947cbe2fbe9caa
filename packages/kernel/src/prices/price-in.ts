import type { TokenPrice } from '../account/index.ts';
import { recordText } from '../encoding/index.ts';
import type { Body } from '../ledger/index.ts';
import type { DeclaredPrices, DeclaredTable } from './evolve.ts';
import { rowOf } from './table.ts';

/** The price that a run pays, as it records it. */
export type RunPrice = Body<'run.started'>['price'];

/** What a run says of where its price comes from, by the row of a table or by its fallback. */
export const pricedBy = { row: 'price table', fallback: 'fallback of the price table' } as const;

/**
 * The table that is in effect at a time: of those whose time has come the one whose time came last,
 * and of several of the same time the one that was declared last.
 */
export function tableAt(prices: DeclaredPrices, atMs: number): DeclaredTable | undefined {
  let found: DeclaredTable | undefined;
  for (const table of prices) {
    const { effectiveFrom } = table;
    if (effectiveFrom <= atMs && effectiveFrom >= (found?.effectiveFrom ?? 0)) found = table;
  }
  return found;
}

/** What a model costs by its row in a table; undefined where it has none. */
export function rowPrice(table: DeclaredTable | undefined, model: string): RunPrice | undefined {
  const row = table && rowOf(table.models, model);
  return table && row && priced(table, row, pricedBy.row);
}

/** What any model costs by the fallback of a table; undefined where it has none. */
export function fallbackPrice(table: DeclaredTable | undefined): RunPrice | undefined {
  const { fallback = null } = table ?? {};
  return table && fallback ? priced(table, fallback, pricedBy.fallback) : undefined;
}

function priced(
  { entry }: DeclaredTable,
  { inputMicrousd, cachedInputMicrousd, outputMicrousd }: TokenPrice,
  source: string,
): RunPrice {
  return { inputMicrousd, cachedInputMicrousd, outputMicrousd, source, table: entry };
}

/**
 * Why the price of a run that was started at this time is not what the table says that it names;
 * undefined also where it names none.
 */
export function whyMispriced(
  prices: DeclaredPrices,
  { price, agent }: Pick<Body<'run.started'>, 'price' | 'agent'>,
  atMs: number,
): string | undefined {
  if (price.table === undefined) return undefined;
  const table = tableAt(prices, atMs);
  if (table?.entry !== price.table) {
    return `the price table ${price.table} was not in effect, but ${table?.entry ?? 'none'}`;
  }
  const said = rowPrice(table, agent.model) ?? fallbackPrice(table);
  if (said === undefined) return `the price table has no price of ${agent.model}`;
  return recordText(said) === recordText(price)
    ? undefined
    : `the price table has another price of ${agent.model}`;
}
