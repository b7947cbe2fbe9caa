import assert from 'node:assert/strict';
import test from 'node:test';
import { formatDuration, parseDuration } from '../src/index.js';

test('reads durations in words', () => {
  assert.equal(parseDuration('1h 30m'), 5_400_000);
  assert.equal(parseDuration('250ms'), 250);
  assert.equal(parseDuration('2d4h'), 187_200_000);
});

test('refuses what is not a duration', () => {
  for (const text of ['', 'soon', '5', '1h later', '-1h']) {
    assert.throws(() => parseDuration(text), RangeError, text);
  }
});

test('writes what it reads', () => {
  for (const ms of [0, 1, 999, 61_000, 5_400_000, 90_061_001]) {
    assert.equal(parseDuration(formatDuration(ms)), ms);
  }
});
