import { expect, test } from 'vitest';
import { allDetectors } from './detectors.ts';

test('nothing that a detector looks for is without a bound', () => {
  const unbounded = allDetectors().filter(({ pattern }) =>
    /[^\\][*+](?![^[]*\])|,\}/.test(pattern().source),
  );
  expect(unbounded.map(({ pattern }) => pattern().source)).toEqual([]);
});
