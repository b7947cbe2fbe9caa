import { release } from 'node:os';
import type { HeldLimit, SandboxLimit, SandboxLimits } from '@chancery/runtime/broker';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { controlGroups, type ControlGroup, type ControlGroups } from './control-group/index.ts';
import type { Rlimits } from './init.ts';

/** How this machine holds every command to its limits. */
export interface Bounds {
  readonly limits: SandboxLimits;
  readonly groups: ControlGroups;
  readonly rlimits: Rlimits;
  /** How many processes there may be where the kernel does not count them; null: it does. */
  readonly watchedProcesses: number | null;
  readonly held: readonly HeldLimit[];
}

/**
 * From this version on (5.14) the kernel counts the processes of a user in each user namespace by
 * itself; before, all of the machine would count.
 */
const countsApart = [5, 14] as const;

function countsProcessesApart(): boolean {
  const [major = 0, minor = 0] = release().split('.').map(Number);
  return major > countsApart[0] || (major === countsApart[0] && minor >= countsApart[1]);
}

/**
 * By control groups where they can be made, else by limits of the kernel's for each process. Where
 * it does not count those of a user, they are looked at, and the command ended when there are too
 * many.
 */
export async function boundsFor(limits: SandboxLimits): Promise<Bounds> {
  const groups = await controlGroups(limits);
  const isGrouped = (limit: SandboxLimit): boolean => groups.held.has(limit);
  // The kernel does not count the processes of root.
  const isCounted = process.getuid?.() !== 0 && countsProcessesApart();
  const rlimits: Rlimits = {
    fileBytes: limits.fileBytes,
    dataBytes: isGrouped('memoryBytes') ? null : limits.memoryBytes,
    processes: isGrouped('processes') || !isCounted ? null : limits.processes,
  };
  const isWatched = !isGrouped('processes') && !isCounted;
  const by: Readonly<Record<SandboxLimit, string>> = {
    memoryBytes: groups.held.get('memoryBytes') ?? 'rlimit',
    processes: groups.held.get('processes') ?? (isWatched ? 'watch' : 'rlimit'),
    cpuPercent: groups.held.get('cpuPercent') ?? nothing,
    ...{ fileBytes: 'rlimit', scratchBytes: 'mount', freeBytes: 'watch' },
  };
  const held = limitNames.map((limit) => ({ limit, most: limits[limit], by: by[limit] }));
  const watchedProcesses = isWatched ? limits.processes : null;
  return { limits, groups, rlimits, watchedProcesses, held };
}

/** The groups of one command. Refuses `sandbox.unavailable` where the system does not make them. */
export function madeGroup({ groups }: Pick<Bounds, 'groups'>): Result<ControlGroup> {
  try {
    return done(groups.make());
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    return refused('sandbox.unavailable', `no control group could be made: ${error.message}`);
  }
}

const nothing = 'nothing';

const limitNames = [
  ...(['memoryBytes', 'processes', 'cpuPercent'] as const),
  ...(['fileBytes', 'scratchBytes', 'freeBytes'] as const),
];

/** What it is called in a report when all of a tree is held to a limit. */
const facts: Readonly<Record<SandboxLimit, string>> = {
  memoryBytes: 'memory-limit',
  processes: 'process-limit',
  cpuPercent: 'cpu-limit',
  fileBytes: 'file-size-limit',
  scratchBytes: 'scratch-limit',
  freeBytes: 'disk-reserve',
};

export const limitFacts: readonly string[] = limitNames.map((limit) => facts[limit]);

/** Facts of limits that hold; a limit of memory that is one for each process is none for a tree. */
export const heldFacts = (held: readonly HeldLimit[]): readonly string[] =>
  held
    .filter(({ limit, by }) => by !== nothing && !(limit === 'memoryBytes' && by === 'rlimit'))
    .map(({ limit }) => facts[limit]);
