import { describe, expect, it } from 'vitest';
import { merged } from './merge.ts';

const source = 'packages/a/src/x.ts';
const [near, far] = ['packages/a/src/x.test.ts', 'apps/far.test.ts'];

const reachedBy = (places: Readonly<Record<string, readonly string[]>>) =>
  new Map([
    [source, new Map(Object.entries(places).map(([place, tests]) => [place, new Set(tests)]))],
  ]);

describe('a measurement', () => {
  it('leaves rows that stay where they are, though their code has moved, and puts new ones after them', () => {
    const before = { [source]: { [near]: ['b: catch', 'a: catch'], unreached: ['d: catch'] } };
    const reached = reachedBy({
      'n: catch': [near],
      'a: catch': [near],
      'b: catch': [near],
      'd: catch': [],
    });
    expect(JSON.stringify(merged(before, reached, []))).toBe(
      JSON.stringify({
        [source]: { [near]: ['b: catch', 'a: catch', 'n: catch'], unreached: ['d: catch'] },
      }),
    );
  });

  it('names the nearest test that comes to a place, and keeps the one before while it does', () => {
    const reached = reachedBy({ 'a: catch': [far, near], 'b: catch': [far, near] });
    expect(merged({ [source]: { [far]: ['b: catch'] } }, reached, [])).toEqual({
      [source]: { [near]: ['a: catch'], [far]: ['b: catch'] },
    });
  });

  it('believes the row of a test that was not run, and not that of one that was', () => {
    const before = { [source]: { [far]: ['a: catch'], [near]: ['b: catch'] } };
    const reached = reachedBy({ 'a: catch': [], 'b: catch': [] });
    expect(merged(before, reached, [near])).toEqual({
      [source]: { [far]: ['a: catch'], unreached: ['b: catch'] },
    });
  });

  it('drops the row of a place and of a source that is gone', () => {
    const before = { [source]: { [near]: ['a: catch', 'gone: catch'] }, 'gone.ts': { [near]: [] } };
    expect(merged(before, reachedBy({ 'a: catch': [near] }), [])).toEqual({
      [source]: { [near]: ['a: catch'] },
    });
  });
});
