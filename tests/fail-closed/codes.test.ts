import { expect, it } from 'vitest';
import { refusalCodes } from '@chancery/kernel/refusal';
import { shownElsewhere } from './codes/elsewhere.ts';
import { isThere } from './codes/named.ts';
import { codeRows } from './codes/rows.ts';
import { shippedPlaces } from './sources.ts';
import { readTable, unreached } from './table.ts';

const codes = Object.keys(refusalCodes);

const codeIn = (place: string): readonly string[] => / refusal ([^ ]+)/.exec(place)?.slice(1) ?? [];

it('the closed list has one row for every code, and there is none for another', () => {
  expect(codeRows.map(([code]) => code).toSorted()).toEqual(codes.toSorted());
});

it('every code is refused with somewhere', () => {
  const made = [...shippedPlaces().values()].flatMap((places) =>
    places.flatMap(({ name }) => codeIn(name)),
  );
  expect(codes.filter((code) => !made.includes(code))).toEqual([]);
});

it('every code has a place that a test was seen to come to', () => {
  const reached = Object.values(readTable()).flatMap((rows) =>
    Object.entries(rows).flatMap(([test, places]) =>
      test === unreached ? [] : places.flatMap(codeIn),
    ),
  );
  expect(codes.filter((code) => !reached.includes(code))).toEqual([]);
});

it('every code has a case here, or a test elsewhere that has to find it', () => {
  const elsewhere = shownElsewhere.map(({ code }) => code);
  const without = codeRows.filter(([code, { cases }]) => {
    return cases.length === 0 && !elsewhere.includes(code);
  });
  expect(without).toEqual([]);
});

it.each(shownElsewhere)('$code is shown to be refused by “$title”', ({ file, title }) => {
  expect(isThere({ file, title })).toBe(true);
});
