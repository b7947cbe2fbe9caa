import { describe, expect, it } from 'vitest';
import { readBudget, readCount, readDuration, readTime } from './quantities.ts';

const codeOf = (result: { readonly ok: boolean }): string => (result.ok ? 'read' : 'refused');

describe('a length of time', () => {
  it.each([
    ['250ms', 250],
    ['90s', 90_000],
    ['30m', 1_800_000],
    ['30min', 1_800_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
  ])('%s is %i ms', (text, ms) => {
    expect(readDuration(text)).toEqual({ ok: true, value: ms });
  });

  it.each(['', '5', '5 m', '-5m', '1.5h', '0s', '9999999999s', 'soon'])('%j is refused', (text) => {
    expect(codeOf(readDuration(text))).toBe('refused');
  });
});

describe('a budget', () => {
  it.each([
    [['2usd'], { costMicrousd: 2_000_000 }],
    [['0.5usd'], { costMicrousd: 500_000 }],
    [['0.000001usd'], { costMicrousd: 1 }],
    [['1.1usd'], { costMicrousd: 1_100_000 }],
    [['500000tokens,100calls', '30m'], { tokens: 500_000, calls: 100, wallMs: 1_800_000 }],
    [['90scpu,10000bytes'], { cpuMs: 90_000, bytesOut: 10_000 }],
    [['0usd,0mcpu,0bytes'], { costMicrousd: 0, cpuMs: 0, bytesOut: 0 }],
  ])('%j is %j', (texts, budget) => {
    expect(readBudget(texts)).toEqual({ ok: true, value: budget });
  });

  it.each([
    '',
    '2',
    'usd',
    '2eur',
    '1.5tokens',
    '0.0000001usd',
    '-2usd',
    '999999999999h',
    '2usd,',
    '1.5bytes',
    '2cpu',
    '1.5hcpu',
  ])('%j is refused', (text) => {
    expect(codeOf(readBudget([text]))).toBe('refused');
  });
});

it.each([
  ['1usd', '5usd'],
  ['5usd,1usd'],
  ['2usd', '2usd'],
  ['30m', '100calls', '1h'],
  ['0usd', '1usd'],
])('two amounts of one dimension are refused, whichever is larger: %j %j %j', (...texts) => {
  const last = texts.at(-1)?.split(',').at(-1);
  expect(readBudget(texts)).toMatchObject({
    refusal: {
      code: 'usage.invalid',
      message: `${JSON.stringify(last)} is a second amount of the same`,
    },
  });
});

it.each([['0tokens'], ['0calls'], ['0m'], ['2usd', '0calls']])(
  'a budget of nothing is refused, with what to do: %j %j',
  (...texts) => {
    expect(readBudget(texts)).toMatchObject({
      ok: false,
      refusal: {
        code: 'usage.invalid',
        message: `with ${JSON.stringify(texts.at(-1))} a run could do nothing`,
        remedy: 'Give an amount above zero, or leave it out for the usual one.',
      },
    });
  },
);

it.each([
  ['1', 'read'],
  ['40', 'read'],
  ['0', 'refused'],
  ['-1', 'refused'],
  ['1.5', 'refused'],
  ['many', 'refused'],
])('the number %s is %s', (text, came) => {
  expect(codeOf(readCount('--turns', text))).toBe(came);
});

it.each([
  ['2026-03-01', Date.UTC(2026, 2, 1)],
  ['2096-02-29', Date.UTC(2096, 1, 29)],
  ['2026-03-01T08:00:00Z', Date.UTC(2026, 2, 1, 8)],
  ['2026-03-01T00:30:00+02:00', Date.UTC(2026, 1, 28, 22, 30)],
  ['2099-02-30', undefined],
  ['2099-02-29', undefined],
  ['2099-04-31T08:00:00Z', undefined],
  ['2099-02-30T08:00:00', undefined],
  ['2099-13-01', undefined],
  ['2099-00-00', undefined],
  ['1969-12-31', undefined],
])('the time %s is %s', (text, atMs) => {
  const read = readTime('--effective', text);
  expect(read.ok ? read.value : undefined).toBe(atMs);
});
