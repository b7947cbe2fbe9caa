import { expect, it } from 'vitest';
import { settingsOf } from './settings.ts';

const limits = { memoryBytes: 1_000_000, processes: 50, cpuPercent: 150 };

it.each([
  [1, 'memory', ['memory.limit_in_bytes=1000000', 'memory.memsw.limit_in_bytes=1000000']],
  [1, 'pids', ['pids.max=50']],
  [1, 'cpu', ['cpu.cfs_period_us=100000', 'cpu.cfs_quota_us=150000']],
  [2, 'memory', ['memory.max=1000000', 'memory.swap.max=0']],
  [2, 'pids', ['pids.max=50']],
  [2, 'cpu', ['cpu.max=150000 100000']],
] as const)(
  'a group of version %i is limited by %s as the kernel has it',
  (version, name, files) => {
    const settings = settingsOf(version, name, limits);
    expect(settings.map(({ file, value }) => `${file}=${value}`)).toEqual(files);
  },
);
