import { describe, expect, it } from 'vitest';
import { analyseLine } from '../analysis/analyse.ts';
import { summary, tellSame } from '../analysis/summary.ts';
import { families } from './index.ts';

const cases = Object.values(families).flatMap((family) =>
  Object.values(family).flatMap((row) => Object.entries(row.cases)),
);

describe('what is known of programs', () => {
  it.each(cases)('finds in %j: %j', (line, found) => {
    const told = summary(analyseLine(line));
    expect({ told, same: tellSame(told, found) }).toEqual({ told, same: true });
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
