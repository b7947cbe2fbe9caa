import assert from 'node:assert/strict';
import test from 'node:test';
import { contains, intersect, overlaps, span } from '../src/index.js';

test('holds its start and not its end', () => {
  assert.deepEqual(
    [9, 10, 11].map((time) => contains(span(10, 11), time)),
    [false, true, false],
  );
});

test('refuses to end before it starts', () => {
  assert.throws(() => span(2, 1), RangeError);
});

test('shares nothing with a span that only touches it', () => {
  assert.equal(overlaps(span(1, 2), span(2, 3)), false);
  assert.equal(intersect(span(1, 2), span(2, 3)), undefined);
  assert.deepEqual(intersect(span(1, 5), span(3, 9)), span(3, 5));
});
