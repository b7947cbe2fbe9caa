import { expect, it } from 'vitest';
import { percentiles, type BenchRow } from '../../bench/row.ts';
import { tableOf } from '../../bench/table.ts';

it('percentiles are values that were measured, whatever their order', () => {
  const samples = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(percentiles(samples)).toEqual({ p50: 51, p95: 96, p99: 100 });
  expect(percentiles([7])).toEqual({ p50: 7, p95: 7, p99: 7 });
});

const row: BenchRow = {
  name: 'compile',
  unit: 'µs',
  p50: 9.8765,
  p95: 12,
  p99: 1_234.5,
  perSecond: 101_254,
  reference: { name: 'floor', perSecond: 66_666.7 },
  ratio: 1.5187,
  bar: 1,
  met: true,
};

const slower: BenchRow = { ...row, name: 'a-longer-name', p50: 20, ratio: 0.5, met: false };

it('a table stands in columns, and says of each row whether its bar is met', () => {
  expect(tableOf([row, slower])).toBe(
    [
      'name               p50    p95       p99  per second  reference        ratio  bar',
      'compile        9.88 µs  12 µs  1,230 µs     101,000  floor: 66,700/s   1.52    1  met',
      'a-longer-name    20 µs  12 µs  1,230 µs     101,000  floor: 66,700/s    0.5    1  NOT MET',
    ].join('\n'),
  );
});
