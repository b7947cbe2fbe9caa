import { type Digest, type KeyId } from '../encoding/index.ts';
import { type Entry } from '../ledger/index.ts';
import { done, refused, type Result } from '../refusal/index.ts';
import { isTrustedFor, withoutCompromises, type Trust } from '../writ/index.ts';
import { readPrices } from './declaration.ts';
import { type PriceTable } from './table.ts';

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

/**
 * The tables after an entry. What is signed names the ledger and the entry before it, so that an old
 * table cannot be recorded a second time, here or elsewhere; its signer is the author of the entry, and
 * trusted to sign policies. Where that key is found to be compromised, it says nothing. Refuses with
 * `envelope.invalid`.
 */
export function evolvePrices(
  prices: DeclaredPrices,
  { entry, digest, position }: PlacedPricesEntry,
  present: Trust,
): Result<DeclaredPrices> {
  const read = readPrices(entry.body.envelope);
  if (!read.ok) return read;
  const { said, signer } = read.value;
  if (said.ledger !== present.ledger || said.after !== entry.prev) {
    return refused('envelope.invalid', 'the price table was signed for another place');
  }
  if (signer !== entry.by) {
    return refused('envelope.invalid', 'the price table is signed by another key than its author');
  }
  if (!isTrustedFor(withoutCompromises(present), signer, 'sign-policy', position)) {
    return refused('envelope.invalid', `${signer} is not trusted to sign policies`);
  }
  if (!isTrustedFor(present, signer, 'sign-policy', position)) return done(prices);
  const { effectiveFrom, models, fallback, source } = said;
  const table = { effectiveFrom, models, fallback, source };
  return done([...prices, { ...table, entry: digest, by: signer, declaredAt: entry.at }]);
}
