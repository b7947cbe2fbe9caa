import assert from 'node:assert/strict';
import test from 'node:test';
import { mergeSpans, span, totalLength } from '../src/index.js';

test('joins spans that overlap or touch', () => {
  assert.deepEqual(mergeSpans([span(5, 8), span(1, 3), span(3, 6)]), [span(1, 8)]);
});

test('leaves spans apart that are apart', () => {
  assert.deepEqual(mergeSpans([span(5, 8), span(1, 3)]), [span(1, 3), span(5, 8)]);
});

test('keeps the end of a span that holds another one', () => {
  assert.deepEqual(mergeSpans([span(9, 17), span(10, 11)]), [span(9, 17)]);
  assert.equal(totalLength([span(9, 17), span(10, 11)]), 8);
});

test('changes none of the spans that it is given', () => {
  const spans = [span(1, 3), span(2, 4)];
  mergeSpans(spans);
  assert.deepEqual(spans, [span(1, 3), span(2, 4)]);
});
