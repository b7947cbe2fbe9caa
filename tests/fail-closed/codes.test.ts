import { expect, it } from 'vitest';
import { refusalCodes } from '@chancery/kernel/refusal';
import { isShownBy } from './codes/named.ts';
import { codeRows } from './codes/rows.ts';
import { shippedPlaces } from './sources.ts';

const codes = Object.keys(refusalCodes);

/** The codes that the shipped sources refuse with. */
const made = new Set(
  [...shippedPlaces().values()].flatMap((places) =>
    places.flatMap(({ name }) => / refusal ([^ ]+)/.exec(name)?.[1] ?? []),
  ),
);

it('the closed list has one row for every code, and there is none for another', () => {
  expect(codeRows.map(([code]) => code).toSorted()).toEqual(codes.toSorted());
});

it('every code is refused with somewhere', () => {
  expect(codes.filter((code) => !made.has(code))).toEqual([]);
});

it.each(codeRows)('%s is shown to be refused', (code, { cases = [], also = [] }) => {
  expect(cases.length + also.length).toBeGreaterThan(0);
  expect(also.filter((each) => !isShownBy(each, code))).toEqual([]);
});
