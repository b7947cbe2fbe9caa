import { describe, expect, it } from 'vitest';
import { limitsText, readLimits, recordedLimits } from './command-limits.ts';

describe('readLimits', () => {
  it('leaves out what is not said', () => {
    expect(readLimits({})).toEqual({ ok: true, value: {} });
  });

  it('reads sizes, counts and parts of processors', () => {
    expect(readLimits({ memory: '512m', processes: '64', cpus: '1.5' })).toEqual({
      ok: true,
      value: { memoryBytes: 512 * 1024 ** 2, processes: 64, cpuPercent: 150 },
    });
    expect(readLimits({ memory: '4G', cpus: '0.05' })).toMatchObject({
      value: { memoryBytes: 4 * 1024 ** 3, cpuPercent: 5 },
    });
  });

  it.each([
    ...['', '0', '4', '4t', '15m', '-1g', '1.5g', ' 4g'].map((memory) => ({ memory })),
    ...['0', '-1', 'many', '1.5'].map((processes) => ({ processes })),
    ...['0', '0.00', '1.', '.5', '1.234', '-1', 'all'].map((cpus) => ({ cpus })),
  ])('refuses %j', (flags) => {
    expect(readLimits(flags)).toMatchObject({ ok: false, refusal: { code: 'usage.invalid' } });
  });
});

it('limits that nothing holds are not shown', () => {
  const limits = [
    { limit: 'memoryBytes', most: 8 * 1024 ** 3, by: 'cgroup-v2' },
    { limit: 'processes', most: 2_048, by: 'nothing' },
    { limit: 'cpuPercent', most: 150, by: 'cgroup-v2' },
    { limit: 'freeBytes', most: 512 * 1024 ** 2, by: 'watch' },
  ] as const;
  expect(limitsText(limits)).toBe(
    'memory 8 GiB (cgroup-v2), processors 1.5 (cgroup-v2), left free on the disk 512 MiB (watch)',
  );
});

it('a run goes on under the limits that it recorded, as far as they are known', () => {
  expect(
    recordedLimits([
      { limit: 'processes', most: 64 },
      { limit: 'colour', most: 1 },
    ]),
  ).toEqual({
    processes: 64,
  });
  expect(recordedLimits(undefined)).toEqual({});
});
