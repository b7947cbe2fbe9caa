import { availableParallelism, totalmem } from 'node:os';
import type { SandboxLimits } from '@chancery/runtime/broker';

const gibibyte = 1024 ** 3;

/** What a build or a suite of tests gets by with, and what leaves the machine to others. */
export const defaultLimits = (): SandboxLimits => ({
  memoryBytes: Math.min(8 * gibibyte, Math.floor(totalmem() / 2)),
  processes: 2_048,
  cpuPercent: availableParallelism() * 100,
  fileBytes: 4 * gibibyte,
  scratchBytes: gibibyte,
  freeBytes: gibibyte / 2,
});
