import {
  declareOn,
  ledgerFixture,
  people,
  RunStory,
  someDigest,
  told,
  type LedgerFixture,
} from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import { sealEnvelope, type Envelope, type Signer } from '../encoding/index.ts';
import { compromiseKey, foldTrust, isTrustEntry } from '../writ/index.ts';
import {
  checkTable,
  declarePrices,
  evolvePrices,
  fallbackPrice,
  isPricesEntry,
  rowOf,
  rowPrice,
  tableAt,
  tokenPriceMax,
  whyMispriced,
  type DeclaredPrices,
  type ModelPrice,
  type PriceTable,
  type RunPrice,
} from './index.ts';

const { approver, legislator, lead, root } = people;
const cheap = { inputMicrousd: 250_000, cachedInputMicrousd: 0, outputMicrousd: 0 };
const mend: ModelPrice = { model: 'scripted:mend', ...cheap };
const table: PriceTable = {
  effectiveFrom: 1_000,
  models: [mend],
  fallback: null,
  source: 'the shop',
};

function headOf({ recorder, ledger }: LedgerFixture): string {
  return recorder.heads.get('policy')?.digest ?? ledger;
}

function record(fixture: LedgerFixture, envelope: Envelope, by: Signer = legislator): void {
  const draft = { stream: 'policy', kind: 'prices.declared', body: { envelope } } as const;
  fixture.recorder.writeBy(by.id, draft);
}

/** The tables that a ledger comes to. */
function pricesIn({ recorder, ledger }: LedgerFixture): DeclaredPrices {
  const placed = recorder.entries.map((sealed, position) => ({ ...sealed, position }));
  const trust = foldTrust(
    ledger,
    placed.flatMap(({ entry, position }) => (isTrustEntry(entry) ? [{ entry, position }] : [])),
  );
  let prices: DeclaredPrices = [];
  for (const { entry, digest, position } of placed) {
    if (!isPricesEntry(entry) || !trust.ok) continue;
    const evolved = evolvePrices(prices, { entry, digest, position }, trust.value);
    if (evolved.ok) prices = evolved.value;
  }
  return prices;
}

/** Says that a key was in other hands from a size of the ledger on. */
function compromise({ ledger, recorder }: LedgerFixture, fromSize: number): void {
  const said = { ledger, key: legislator.id, earlier: 1, fromSize, reason: 'lost', roots: [root] };
  const body = { envelope: compromiseKey(said) };
  recorder.writeBy(root.id, { stream: 'ledger', kind: 'key.compromised', body });
}

const wrongly = 'prices.invalid at prices.declared';

describe('a price table', () => {
  test('is in effect as it was declared, and tells who signed it and when', () => {
    const fixture = ledgerFixture();
    const declaredAt = fixture.recorder.nowMs;
    const entry = declareOn(fixture, table);
    const declared = { ...table, entry, by: legislator.id, declaredAt };
    expect([pricesIn(fixture), told(fixture)]).toEqual([[declared], []]);
  });

  test.each([
    ['one who approves', approver],
    ['a root', root],
    ['nobody who is known', lead],
  ])('is not believed of %s', (_, signer) => {
    const fixture = ledgerFixture();
    declareOn(fixture, table, signer);
    expect([told(fixture), pricesIn(fixture)]).toEqual([[wrongly], []]);
  });

  const declared = (ledger: string, after: string, by = legislator): Envelope =>
    declarePrices({ ledger, after, ...table }, by);

  test.each<[string, (fixture: LedgerFixture, after: string) => void]>([
    ['in another ledger', (on, after) => record(on, declared(someDigest('x'), after))],
    ['at another place', (on) => record(on, declared(on.ledger, someDigest('x')))],
    ['by another author', (on, after) => record(on, declared(on.ledger, after), approver)],
    [
      'a second time, when another has taken its place',
      (on, after) => {
        const old = declared(on.ledger, after);
        record(on, old);
        declareOn(on, { effectiveFrom: 1_500, models: [{ ...mend, inputMicrousd: 9 }] });
        record(on, old);
      },
    ],
    [
      'with two signatures',
      (on, after) => {
        const [one, other] = [legislator, approver].map((by) => declared(on.ledger, after, by));
        const signatures = [one, other].flatMap((envelope) => envelope?.signatures ?? []);
        if (one !== undefined) record(on, { ...one, signatures });
      },
    ],
  ])('is not believed %s', (_, write) => {
    const fixture = ledgerFixture();
    write(fixture, headOf(fixture));
    expect(told(fixture)).toEqual([wrongly]);
  });

  test.each<[string, object]>([
    ['with a model twice', { models: [mend, mend] }],
    ['with models out of order', { models: [mend, { ...mend, model: 'a:b' }] }],
    ['with a model that is no name', { models: [{ ...mend, model: 'mend' }] }],
    ['with a price below nothing', { models: [{ ...mend, outputMicrousd: -1 }] }],
    ['with a price beyond all', { models: [{ ...mend, outputMicrousd: tokenPriceMax + 1 }] }],
    ['with a row that lacks a price', { models: [{ model: 'a:b', inputMicrousd: 1 }] }],
    ['with a row that says more', { models: [{ ...mend, more: 1 }] }],
    ['with a fallback of nothing', { fallback: {} }],
    ['with a fallback for a model', { fallback: mend }],
    ['with a time before all', { effectiveFrom: -1 }],
    ['with a long source', { source: 's'.repeat(257) }],
    ['with a member more', { more: 1 }],
  ])('%s is not read, and not to be declared', (_, change) => {
    const fixture = ledgerFixture();
    const place = { v: 1, ledger: fixture.ledger, after: headOf(fixture) };
    const type = 'application/vnd.chancery.prices+json';
    record(fixture, sealEnvelope(type, { ...place, ...table, ...change }, [legislator]));
    expect([told(fixture), pricesIn(fixture)]).toEqual([[wrongly], []]);
    expect(checkTable({ ...table, ...change })).toMatchObject({ code: 'prices.invalid' });
  });

  test('may be as long as an entry holds, and not longer', () => {
    const rows = (count: number): readonly ModelPrice[] =>
      Array.from({ length: count }, (_, n) => ({
        ...mend,
        model: `a:${String(n).padStart(9, '0')}`,
      }));
    const long = rows(1_000).findIndex((_, n) => {
      return checkTable({ ...table, models: rows(n) }) !== undefined;
    });
    expect(checkTable({ ...table, models: rows(long) })?.message).toMatch(/takes \d+ bytes/);
    const fixture = ledgerFixture();
    declareOn(fixture, { ...table, models: rows(long - 1) });
    expect(told(fixture)).toEqual([]);
    expect(() => declareOn(fixture, { ...table, models: rows(long + 100) })).toThrow('bytes');
  });
});

describe('the table in effect', () => {
  const at = (tables: readonly (readonly [string, number])[], atMs: number) =>
    tableAt(
      tables.map(([entry, effectiveFrom]) => ({
        ...{ ...table, entry, effectiveFrom },
        ...{ by: legislator.id, declaredAt: 0 },
      })),
      atMs,
    )?.entry;

  test.each<[string, readonly (readonly [string, number])[], string | undefined]>([
    ['none, where none was declared', [], undefined],
    ['none, where the only one is to come', [['a', 6]], undefined],
    ['one whose time has just come', [['a', 5]], 'a'],
    [
      'the one whose time came last, in whatever order they were declared',
      [
        ['a', 4],
        ['b', 3],
      ],
      'a',
    ],
    [
      'of one time, the one that was declared last',
      [
        ['a', 4],
        ['b', 4],
      ],
      'b',
    ],
    [
      'no other for one that is to come',
      [
        ['a', 1],
        ['b', 9],
      ],
      'a',
    ],
    ['one from the beginning of time', [['a', 0]], 'a'],
  ])('is %s', (_, tables, entry) => {
    expect(at(tables, 5)).toBe(entry);
  });
});

describe('the row of a model', () => {
  const rows = ['a:big', 'a:big-20250101', 'a:small'].map((model) => ({ model }));

  test.each([
    ['a:big', 'a:big'],
    ['a:big-20250101', 'a:big-20250101'],
    ['a:big-20250102', 'a:big'],
    ['a:small-2025-08-07', 'a:small'],
    ['a:small-latest', 'a:small'],
    ['a:small-preview', undefined],
    ['b:small', undefined],
    ['a:smal', undefined],
  ])('%s is %s', (model, row) => {
    expect(rowOf(rows, model)?.model).toBe(row);
  });
});

describe('a run that names a table', () => {
  /** What is told of a run that begins when these are declared, at this price. */
  function starting(
    tables: readonly Partial<PriceTable>[],
    priced: (prices: DeclaredPrices) => RunPrice | undefined,
  ): readonly string[] {
    const fixture = ledgerFixture();
    for (const each of tables) declareOn(fixture, { ...table, ...each });
    const price = priced(pricesIn(fixture));
    const story = new RunStory(fixture);
    story.start(price === undefined ? {} : { price });
    story.think();
    return told(fixture);
  }

  const misstated = ['budget.misstated at run.started'];
  const byRow = ([first]: DeclaredPrices): RunPrice | undefined => rowPrice(first, mend.model);

  test('pays what its row says, or the fallback where it has no row', () => {
    expect(starting([{}], byRow)).toEqual([]);
    const other = [{ models: [], fallback: cheap }];
    expect(starting(other, ([first]) => fallbackPrice(first))).toEqual([]);
  });

  test('is as it was where it names none', () => {
    expect(starting([{}], () => undefined)).toEqual([]);
  });

  test.each<
    [string, readonly Partial<PriceTable>[], (prices: DeclaredPrices) => RunPrice | undefined]
  >([
    [
      'less',
      [{ models: [{ ...mend, outputMicrousd: 1 }] }],
      (prices) => changed(byRow(prices), { outputMicrousd: 0 }),
    ],
    ['for less', [{}], (prices) => changed(byRow(prices), { source: 'a gift' })],
    ['by a table that is to come', [{ effectiveFrom: 9_000 }], byRow],
    ['by one whose place another has taken', [{}, { effectiveFrom: 1_001 }], byRow],
    [
      'by one that was never declared',
      [{}],
      (prices) => changed(byRow(prices), { table: someDigest('t') }),
    ],
    [
      'the fallback although it has a row',
      [{ fallback: cheap }],
      ([first]) => fallbackPrice(first),
    ],
    [
      'by one that does not tell of its model',
      [{ models: [{ ...mend, model: 'scripted:other' }] }],
      ([first]) => rowPrice(first, 'scripted:other'),
    ],
  ])('is found when it pays %s', (_, tables, priced) => {
    expect(starting(tables, priced)).toEqual(misstated);
  });

  function changed(price: RunPrice | undefined, change: Partial<RunPrice>): RunPrice | undefined {
    return price && { ...price, ...change };
  }

  test('is told what is wrong with its price', () => {
    const fixture = ledgerFixture();
    const [first, second] = [
      declareOn(fixture, table),
      declareOn(fixture, { effectiveFrom: 2_000 }),
    ];
    const agent = { kind: 'native', model: mend.model, why: '' } as const;
    const why = (atMs: number, model: string, change: Partial<RunPrice>) => {
      const price = { ...cheap, source: 'price table', table: first, ...change };
      const run = { price, agent: { ...agent, model } };
      return whyMispriced(pricesIn(fixture), run, atMs);
    };
    expect([
      why(1_000, mend.model, {}),
      why(999, mend.model, {}),
      why(2_000, mend.model, {}),
      why(1_000, 'scripted:other', {}),
      why(1_000, mend.model, { inputMicrousd: 0 }),
    ]).toEqual([
      undefined,
      `the price table ${first} was not in effect, but none`,
      `the price table ${first} was not in effect, but ${second}`,
      'the price table has no price of scripted:other',
      'the price table has another price of scripted:mend',
    ]);
  });

  test('pays as before, whatever is declared when it has begun', () => {
    const fixture = ledgerFixture();
    declareOn(fixture, table);
    const price = byRow(pricesIn(fixture));
    const story = new RunStory(fixture);
    story.start(price === undefined ? {} : { price });
    declareOn(fixture, { ...table, models: [{ ...mend, inputMicrousd: 9 }] });
    story.think();
    expect(told(fixture)).toEqual([]);
  });

  test('is told, with the table, where its signer was compromised; and the one before counts again', () => {
    const fixture = ledgerFixture();
    const first = declareOn(fixture, table);
    const fromSize = fixture.recorder.entries.length;
    declareOn(fixture, { ...table, source: 'a thief' });
    const [, stolen] = pricesIn(fixture);
    const story = new RunStory(fixture);
    const price = rowPrice(stolen, mend.model);
    story.start(price === undefined ? {} : { price });
    compromise(fixture, fromSize);
    expect(pricesIn(fixture).map(({ entry }) => entry)).toEqual([first]);
    expect(told(fixture)).toEqual([
      'key.compromised at prices.declared',
      'key.compromised at run.started',
    ]);
  });

  test('is not believed of a table that was void by then', () => {
    const fixture = ledgerFixture();
    const fromSize = fixture.recorder.entries.length;
    declareOn(fixture, table);
    const price = byRow(pricesIn(fixture));
    compromise(fixture, fromSize);
    new RunStory(fixture).start(price === undefined ? {} : { price });
    expect(told(fixture)).toEqual([...misstated, 'key.compromised at prices.declared']);
  });

  test('signed by a key that is compromised already says nothing', () => {
    const fixture = ledgerFixture();
    compromise(fixture, fixture.recorder.entries.length);
    declareOn(fixture, table);
    expect(pricesIn(fixture)).toEqual([]);
    expect(told(fixture)).toEqual([wrongly]);
  });
});
