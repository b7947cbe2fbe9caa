import { expect, test } from 'vitest';
import { readFailure, retryAfterMs } from './failure.ts';

const now = Date.UTC(2026, 0, 1, 12, 0, 0);

test.each<[Readonly<Record<string, string>>, number | undefined]>([
  [{}, undefined],
  [{ 'retry-after': '0' }, 0],
  [{ 'retry-after': '30' }, 30_000],
  [{ 'retry-after': '0.5' }, 500],
  [{ 'retry-after': 'Thu, 01 Jan 2026 12:00:20 GMT' }, 20_000],
  [{ 'retry-after': 'Thu, 01 Jan 2026 11:00:00 GMT' }, 0],
  [{ 'retry-after': 'soon' }, undefined],
  [{ 'retry-after': '-1', 'retry-after-ms': '-1' }, undefined],
  [{ 'retry-after': '30', 'retry-after-ms': '1500' }, 1500],
])('the wait that %j asks for is %s ms', (headers, waitMs) => {
  expect(retryAfterMs(headers, now)).toBe(waitMs);
});

test('a long message is cut to one that a record can hold', () => {
  const error = new Error(`${'x'.repeat(499)}😀 and more`);
  const context = { scrub: (text: string) => text, sent: true, streamed: true, nowMs: now };
  expect(readFailure(error, context)).toEqual({
    failure: {
      class: 'unknown',
      code: 'cut-off',
      message: `${'x'.repeat(499)}\ufffd`,
      retryAfterMs: undefined,
    },
    usage: undefined,
  });
});
