import { recordText, type Digest } from '@chancery/kernel/encoding';
import {
  checkTable,
  declarePrices,
  tableAt,
  type DeclaredPrices,
  type PriceTable,
} from '@chancery/kernel/prices';
import { done, refusal, type Refusal, type Result } from '@chancery/kernel/refusal';
import { legislate } from './legislating.ts';
import type { Signatory } from './signatory.ts';

/**
 * Signs and records what models cost from a time on; a run that was started before pays what it was
 * started at. Answers the digest of the entry; null where the same is in effect at that time already,
 * and nothing is recorded. Refuses `policy.not-signer` and `prices.invalid`.
 */
export function recordPrices(
  signatory: Signatory,
  table: PriceTable,
): Promise<Result<Digest | null>> {
  const { clock, by } = signatory;
  return legislate<null>(signatory, ({ prices }, place) => {
    const unfit = checkDeclaration(prices, table, clock.nowMs());
    if (unfit !== undefined) return { ok: false, refusal: unfit };
    const before = tableAt(prices, table.effectiveFrom);
    if (before !== undefined && saysTheSame(before, table)) return done(null);
    const envelope = declarePrices({ ...place, ...table }, by);
    return done({ draft: { stream: 'policy', kind: 'prices.declared', body: { envelope } } });
  });
}

/** As far back as time zones, and clocks that nobody sets, explain. */
const backMaxMs = 24 * 3_600_000;

const remedy = 'Leave --effective out, so that it counts from now on, or name a time to come.';

/**
 * Why a table could not be declared now: it is malformed or too long; or the time from which on it is to
 * count is long past, or one that came later has a table already. Refuses with `prices.invalid`.
 */
export function checkDeclaration(
  prices: DeclaredPrices,
  table: PriceTable,
  nowMs: number,
): Refusal | undefined {
  const unfit = checkTable(table);
  if (unfit !== undefined) return unfit;
  const { effectiveFrom } = table;
  if (effectiveFrom < nowMs - backMaxMs) {
    const why =
      'what a run was started at stays, so that prices cannot count from a time long past';
    return refusal('prices.invalid', why, { remedy });
  }
  const present = tableAt(prices, nowMs);
  if (present === undefined || effectiveFrom >= present.effectiveFrom) return undefined;
  const why = `it would never be in effect: ${present.entry} is, and from a later time on`;
  return refusal('prices.invalid', why, { remedy });
}

function saysTheSame(before: PriceTable, table: PriceTable): boolean {
  const [said, saying] = [before, table].map(({ models, fallback, source }) =>
    recordText({ models, fallback, source }),
  );
  return said === saying;
}
