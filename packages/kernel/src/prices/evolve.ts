import type { Digest, KeyId } from '../encoding/index.ts';
import type { Entry } from '../ledger/index.ts';
import { done, type Result } from '../refusal/index.ts';
import { believe, saidByLegislator, type Trust } from '../writ/index.ts';
import { readPrices } from './declaration.ts';
import type { PriceTable } from './table.ts';

/** A table as it was declared. */
export interface DeclaredTable extends PriceTable {
  /** Digest of the entry, which a run names that pays by it. */
  readonly entry: Digest;
  readonly by: KeyId;
  readonly declaredAt: number;
}

/** All tables that were declared, in the order in which they were. */
export type DeclaredPrices = readonly DeclaredTable[];

export type PricesEntry = Entry<'prices.declared'>;

/** Such an entry with its place in the order of the whole ledger. */
export interface PlacedPricesEntry {
  readonly entry: PricesEntry;
  readonly digest: Digest;
  readonly position?: number | undefined;
}

export function isPricesEntry(entry: Entry): entry is PricesEntry {
  return entry.kind === 'prices.declared';
}

const saying = saidByLegislator('the price table');

/**
 * The tables after an entry, see `believe`: its signer is trusted to sign policies. Where that key is
 * found to be compromised, it says nothing. Refuses with `envelope.invalid`.
 */
export function evolvePrices(
  prices: DeclaredPrices,
  { entry, digest, position }: PlacedPricesEntry,
  present: Trust,
): Result<DeclaredPrices> {
  const read = readPrices(entry.body.envelope);
  if (!read.ok) return read;
  const counts = believe(read.value, { entry, position }, saying, present);
  if (!counts.ok) return counts;
  if (!counts.value) return done(prices);
  const { said, signer } = read.value;
  const { effectiveFrom, models, fallback, source } = said;
  const table = { effectiveFrom, models, fallback, source };
  return done([...prices, { ...table, entry: digest, by: signer, declaredAt: entry.at }]);
}
