import assert from 'node:assert/strict';
import test from 'node:test';
import { freeSpans, span } from '../src/index.js';

const day = span(9, 17);

test('gives the gaps between busy spans', () => {
  assert.deepEqual(freeSpans([span(10, 11), span(13, 14)], day), [
    span(9, 10),
    span(11, 13),
    span(14, 17),
  ]);
});

test('gives the whole when nothing is busy, and nothing when all is', () => {
  assert.deepEqual(freeSpans([], day), [day]);
  assert.deepEqual(freeSpans([span(0, 24)], day), []);
});

test('counts a meeting inside a longer one as busy once', () => {
  assert.deepEqual(freeSpans([span(9, 16), span(10, 11)], day), [span(16, 17)]);
});
