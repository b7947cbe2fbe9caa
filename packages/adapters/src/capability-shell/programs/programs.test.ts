import { describe, expect, it } from 'vitest';
import { analyseLine } from '../analysis/analyse.ts';
import { summary } from '../analysis/summary.ts';
import { families } from './index.ts';

const cases = Object.values(families).flatMap((family) =>
  Object.values(family).flatMap((row) => Object.entries(row.cases)),
);

/** In any order. */
const parts = (text: string): readonly string[] =>
  text
    .split(/ (?=[<>a-z])/)
    .filter((part) => part !== '')
    .toSorted();

describe('what is known of programs', () => {
  it.each(cases)('finds in %j: %j', (line, found) => {
    expect(parts(summary(analyseLine(line)))).toEqual(parts(found));
  });

  it('has each program once, and a case for each row', () => {
    const names = Object.values(families).flatMap((family) =>
      Object.keys(family).flatMap((row) => row.split(' ')),
    );
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
    const rows = Object.values(families).flatMap((family) => Object.values(family));
    expect(rows.filter((row) => Object.keys(row.cases).length === 0)).toEqual([]);
  });
});
