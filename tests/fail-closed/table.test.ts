import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../tidy/tree.ts';
import { shippedPlaces } from './sources.ts';
import { readTable, rowsOf, unreached } from './table.ts';

const table = readTable();
const places = shippedPlaces();

/**
 * How many places no test was seen to reach, by sort. The program of the offline verifier is packed,
 * so that what its tests reach of `apps/verifier` is not seen. A fault is an assumption that does not
 * break, and few can be made to.
 */
const mostUnreached = { refusal: 77, catch: 56, default: 595, fault: 266 };

function sortOf(place: string): string | undefined {
  return /: (refusal|fault|catch|default)(?: |$)/.exec(place)?.[1];
}

describe('every place that refuses, throws, catches or takes a default', () => {
  it.each([...places])(
    'of %s has its row, and no row is of a place that is not there',
    (file, found) => {
      const rows = [...rowsOf(table, file).keys()];
      expect(rows.toSorted()).toEqual(found.map(({ name }) => name).toSorted());
    },
  );

  it('is of a source that is shipped', () => {
    expect(Object.keys(table).filter((file) => !places.has(file))).toEqual([]);
  });

  it('is reached by a test that there is', () => {
    const tests = new Set(Object.values(table).flatMap((rows) => Object.keys(rows)));
    tests.delete(unreached);
    expect([...tests].filter((test) => !existsSync(path.join(root, test)))).toEqual([]);
  });

  it.each(Object.entries(mostUnreached))(
    'has a sort: of %s no test reaches %i places, and no more',
    (sort, most) => {
      const unseen = Object.values(table).flatMap((rows) => rows[unreached] ?? []);
      expect(unseen.filter((place) => sortOf(place) === sort).length).toBeLessThanOrEqual(most);
    },
  );
});
