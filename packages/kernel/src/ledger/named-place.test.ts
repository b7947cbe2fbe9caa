import { ledgerFixture, writeRun } from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import { namedPlace } from './named-place.ts';

describe('the place that a text names', () => {
  test('is that of the entry, for each entry of a ledger', () => {
    const fixture = ledgerFixture();
    writeRun(fixture);
    const { stored } = fixture.recorder;
    expect(stored.map(({ text }) => namedPlace(text))).toEqual(
      stored.map(({ stream, seq }) => ({ stream, seq })),
    );
  });

  test('is read before a trace as well', () => {
    const text = '{"seq":7,"body":{},"seq":3,"stream":"run:a","trace":"00-ab-cd-01","v":1}';
    expect(namedPlace(text)).toEqual({ stream: 'run:a', seq: 3 });
  });

  test('is not one that stands inside the body', () => {
    const text = '{"body":{"x":1,"seq":3,"stream":"run:a","v":1}}';
    expect(namedPlace(text)).toBeUndefined();
  });

  test.each([
    '',
    '{}',
    'text',
    '{"seq":-1,"stream":"run:a","v":1}',
    '{,"seq":01,"stream":"a","v":1}',
  ])('is none in %j', (text) => {
    expect(namedPlace(text)).toBeUndefined();
  });
});
