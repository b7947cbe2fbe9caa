import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { recordText } from '@chancery/kernel/encoding';
import {
  evolvePrices,
  isPricesEntry,
  type DeclaredPrices,
  type ModelPrice,
  type PriceTable,
} from '@chancery/kernel/prices';
import { foldTrust, isTrustEntry } from '@chancery/kernel/writ';
import {
  declareOn,
  ledgerFixture,
  RunStory,
  told,
  type LedgerFixture,
} from '@chancery/testkit/builders';
import { runPriceAt, type Price, type Pricing } from './index.ts';

const cost = fc.nat(50);
const tokenPrice = fc.record({
  inputMicrousd: cost,
  cachedInputMicrousd: cost,
  outputMicrousd: cost,
});
const names = ['a:one', 'a:one-20250101', 'a:two', 'b:one'] as const;
const name = fc.constantFrom(...names, 'a:one-latest', 'b:one-2025-01-01', 'c:none');
/** About the time at which the fixture writes. */
const time = fc.integer({ min: 1_990, max: 2_030 });

const table: fc.Arbitrary<PriceTable> = fc.record({
  effectiveFrom: time,
  models: fc
    .uniqueArray(
      fc
        .record({ model: fc.constantFrom(...names) })
        .chain(({ model }) => tokenPrice.map((price): ModelPrice => ({ model, ...price }))),
      { selector: ({ model }) => model },
    )
    .map((rows) => rows.toSorted((a, b) => (a.model < b.model ? -1 : 1))),
  fallback: fc.option(tokenPrice),
  source: fc.constantFrom('', 'the shop'),
});
const tables = fc.array(table, { maxLength: 5 });
const price = fc.option(
  tokenPrice.map((each): Price => ({ ...each, source: 'somebody' })),
  { nil: undefined },
);

function pricing(given: Price | undefined, id: string, own: Price | undefined): Pricing {
  const model = { id, price: own };
  return given === undefined ? { model } : { model, given };
}

const asking = fc.tuple(price, name, price).map(([given, id, own]) => pricing(given, id, own));

/** What is paid, by trying everything: nothing of a table is known but what it says. */
function naively(
  declared: readonly PriceTable[],
  { given, model }: Pricing,
  atMs: number,
): object | undefined {
  if (given !== undefined) return given;
  const come = declared
    .map((each, place) => ({ ...each, place }))
    .filter(({ effectiveFrom }) => effectiveFrom <= atMs)
    .sort((a, b) => a.effectiveFrom - b.effectiveFrom || a.place - b.place);
  const present = come.at(-1);
  const bare = model.id.replace(/-(\d{8}|\d{4}-\d\d-\d\d|latest)$/, '');
  for (const known of [model.id, bare]) {
    for (const { model: named, ...costs } of present?.models ?? []) {
      if (named === known)
        return { ...costs, source: 'price table', table: String(present?.place) };
    }
  }
  if (model.price !== undefined) return model.price;
  return present?.fallback
    ? { ...present.fallback, source: 'fallback of the price table', table: String(present.place) }
    : undefined;
}

/** The tables as they stand when each has its place for the digest of its entry. */
function placed(all: readonly PriceTable[]): DeclaredPrices {
  return all.map((each, place) => ({ ...each, entry: String(place), by: '', declaredAt: 0 }));
}

test('law: a run pays what a naive reading of all tables says', () => {
  fc.assert(
    fc.property(tables, asking, time, (all, asked, atMs) => {
      const expected = naively(all, asked, atMs);
      const paid = runPriceAt(placed(all), asked, atMs);
      expect(paid.ok ? paid.value : paid.refusal.code).toEqual(expected ?? 'model.unpriced');
    }),
    cases(100),
  );
});

/** The tables as the entries of the ledger give them. */
function replayed({ recorder, ledger }: LedgerFixture): DeclaredPrices {
  const all = recorder.entries.map((sealed, position) => ({ ...sealed, position }));
  const trust = foldTrust(
    ledger,
    all.flatMap(({ entry, position }) => (isTrustEntry(entry) ? [{ entry, position }] : [])),
  );
  let prices: DeclaredPrices = [];
  for (const { entry, digest, position } of all) {
    if (!isPricesEntry(entry) || !trust.ok) continue;
    const next = evolvePrices(prices, { entry, digest, position }, trust.value);
    if (next.ok) prices = next.value;
  }
  return prices;
}

test('law: whatever is declared, replay finds that price right, and any other of a table wrong', () => {
  fc.assert(
    fc.property(tables, name, price, tokenPrice, (all, id, own, other) => {
      const fixture = ledgerFixture();
      for (const each of all) declareOn(fixture, each);
      const { nowMs } = fixture.recorder;
      const paid = runPriceAt(replayed(fixture), pricing(undefined, id, own), nowMs);
      if (!paid.ok) return;
      const agent = { kind: 'native', model: id, why: 'the test asks for it' } as const;
      new RunStory(fixture).start({ agent, price: paid.value });
      expect(told(fixture)).toEqual([]);
      if (paid.value.table === undefined) return;
      const forged = { ...paid.value, ...other };
      new RunStory(fixture, 'r2', fixture.writ).start({ agent, price: forged });
      const misstated =
        recordText(forged) === recordText(paid.value) ? [] : ['budget.misstated at run.started'];
      expect(told(fixture).filter((each) => each.startsWith('budget'))).toEqual(misstated);
    }),
    cases(60),
  );
});
