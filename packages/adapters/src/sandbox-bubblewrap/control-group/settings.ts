import type { SandboxLimit, SandboxLimits } from '@chancery/runtime/broker';
import type { Controller } from './hierarchy.ts';

export type GroupLimits = Pick<SandboxLimits, 'memoryBytes' | 'processes' | 'cpuPercent'>;

export const limitOf: Readonly<Record<Controller, keyof GroupLimits>> = {
  memory: 'memoryBytes',
  pids: 'processes',
  cpu: 'cpuPercent',
};

/** One file of a group and what is written to it; `where`: only where the kernel has it. */
export interface Setting {
  readonly file: string;
  readonly value: string;
  readonly where?: 'present';
}

/** The time over which the kernel gives out processor time. */
const periodUs = 100_000;

const quotaUs = (percent: number): number => Math.max(1_000, Math.round(percent * 1_000));

/** As in cgroup-v1/memory.rst, pids.rst and sched-bwc.rst, and in cgroup-v2.rst of the kernel. */
export function settingsOf(
  version: 1 | 2,
  controller: Controller,
  limits: GroupLimits,
): readonly Setting[] {
  const { memoryBytes, processes, cpuPercent } = limits;
  const settings: Readonly<Record<Controller, readonly Setting[]>> =
    version === 1
      ? {
          memory: [
            { file: 'memory.limit_in_bytes', value: String(memoryBytes) },
            { file: 'memory.memsw.limit_in_bytes', value: String(memoryBytes), where: 'present' },
          ],
          pids: [{ file: 'pids.max', value: String(processes) }],
          cpu: [
            { file: 'cpu.cfs_period_us', value: String(periodUs) },
            { file: 'cpu.cfs_quota_us', value: String(quotaUs(cpuPercent)) },
          ],
        }
      : {
          memory: [
            { file: 'memory.max', value: String(memoryBytes) },
            { file: 'memory.swap.max', value: '0', where: 'present' },
          ],
          pids: [{ file: 'pids.max', value: String(processes) }],
          cpu: [{ file: 'cpu.max', value: `${quotaUs(cpuPercent)} ${periodUs}` }],
        };
  return settings[controller];
}

/** Where the kernel counts how often a limit has stopped the group, and the word before the count. */
export function counterOf(
  version: 1 | 2,
  controller: Controller,
): { readonly file: string; readonly word: string; readonly limit: SandboxLimit } | undefined {
  if (controller === 'cpu') return undefined;
  const limit = limitOf[controller];
  if (controller === 'pids') return { file: 'pids.events', word: 'max', limit };
  const file = version === 1 ? 'memory.oom_control' : 'memory.events';
  return { file, word: 'oom_kill', limit };
}
