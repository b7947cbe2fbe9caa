import {
  fallbackPrice,
  rowPrice,
  tableAt,
  type DeclaredPrices,
  type RunPrice,
} from '@chancery/kernel/prices';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import type { Model, Price } from './model.ts';

/** What is known of the price of a model before anybody has declared it. */
export interface Pricing {
  /** Given by hand for this run. */
  readonly given?: Price;
  readonly model: Pick<Model, 'id' | 'price'>;
}

/**
 * The price that a run pays which is started at this time: the one that was given by hand, or else
 * that of the model's row in the table in effect, or else the model's own, or else the fallback of the
 * table. Refuses `model.unpriced`.
 */
export function runPriceAt(
  prices: DeclaredPrices,
  { given, model }: Pricing,
  atMs: number,
): Result<RunPrice> {
  const table = tableAt(prices, atMs);
  const price = given ?? rowPrice(table, model.id) ?? model.price ?? fallbackPrice(table);
  return price === undefined
    ? refused('model.unpriced', `the price of ${model.id} is not known`)
    : done(price);
}
