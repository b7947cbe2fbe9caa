import { describe, expect, it } from 'vitest';
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

describe.each(codeRows)('%s', (code, { sort, cases = [], also = [] }) => {
  it.each(cases)('answers $name, without any effect', async (each) => {
    const { grown, ...shown } = await each.run();
    const verifies = each.isForged !== true;
    expect(shown).toEqual({ code, effects: 0, recorded: each.recorded, verifies });
    expect(grown).toBe(each.recorded.length > 0);
  });

  it(`is shown to be refused, in the way of: ${sort}`, () => {
    expect(cases.length + also.length).toBeGreaterThan(0);
    expect(also.filter((each) => !isShownBy(each, code))).toEqual([]);
  });
});
