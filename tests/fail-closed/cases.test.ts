import { describe, expect, it } from 'vitest';
import { codeRows } from './codes/rows.ts';

const withCases = codeRows.flatMap(([code, { sort, cases }]) =>
  cases.length === 0 ? [] : [[code, sort, cases] as const],
);

describe.each(withCases)('%s, in the way of: %s', (code, _sort, cases) => {
  it.each(cases)('answers $name, without any effect', async (each) => {
    const { grown, ...shown } = await each.run();
    const verifies = each.isForged !== true;
    expect(shown).toEqual({ code, effects: 0, recorded: each.recorded, verifies });
    expect(grown).toBe(each.recorded.length > 0);
  });
});
