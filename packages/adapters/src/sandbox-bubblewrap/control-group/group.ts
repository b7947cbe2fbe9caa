import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SandboxLimit } from '@chancery/runtime/broker';
import type { Hierarchy } from './hierarchy.ts';
import { counterOf, limitOf, settingsOf, type GroupLimits } from './settings.ts';

/** The groups of one command, one in each hierarchy. */
export interface ControlGroup {
  /** Descriptors: a process of one thread that writes 0 to each puts itself in. Closed by `remove`. */
  readonly doors: readonly number[];
  /** Limits that have stopped something since it was made. */
  reached(): readonly SandboxLimit[];
  /** Once every process in it is dead. */
  remove(): Promise<void>;
}

/** Makes groups with their limits. @throws the system's error, and leaves nothing behind then. */
export function makeGroup(
  places: readonly Hierarchy[],
  name: string,
  limits: GroupLimits,
): ControlGroup {
  const made: string[] = [];
  const doors: number[] = [];
  const shut = (): void => doors.splice(0).forEach((door) => closeSync(door));
  try {
    for (const place of places) {
      const folder = join(place.folder, name);
      mkdirSync(folder);
      made.push(folder);
      set(place, folder, kept(place, limits));
      // A thread that moves itself has not to wait for all others of the machine (version 1).
      doors.push(openSync(join(folder, place.version === 1 ? 'tasks' : 'cgroup.procs'), 'w'));
    }
  } catch (error) {
    shut();
    made.forEach((folder) => rmdirSync(folder));
    throw error;
  }
  return {
    doors,
    reached: () => places.flatMap((place) => reachedIn(place, join(place.folder, name))),
    remove: async () => {
      shut();
      for (const folder of made) await removeGroup(folder);
    },
  };
}

function set(place: Hierarchy, folder: string, limits: GroupLimits): void {
  for (const controller of place.controllers) {
    for (const { file, value, where } of settingsOf(place.version, controller, limits)) {
      const path = join(folder, file);
      if (where !== 'present' || existsSync(path)) writeFileSync(path, value);
    }
  }
}

/** No more than the groups allow that the new one is not in, although we are. */
function kept({ left }: Hierarchy, limits: GroupLimits): GroupLimits {
  const least = (file: string, ours: number): number =>
    Math.min(ours, ...left.map((folder) => numberIn(join(folder, file)) ?? ours));
  return {
    memoryBytes: least('memory.max', limits.memoryBytes),
    processes: least('pids.max', limits.processes),
    cpuPercent: limits.cpuPercent,
  };
}

/** Undefined for `max`, and for a group without such a limit. */
function numberIn(path: string): number | undefined {
  const text = existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

function reachedIn({ version, controllers }: Hierarchy, folder: string): readonly SandboxLimit[] {
  return controllers.flatMap((controller) => {
    const counter = counterOf(version, controller);
    if (counter === undefined) return [];
    const text = readFileSync(join(folder, counter.file), 'utf8');
    const count = new RegExp(`^${counter.word} (\\d+)$`, 'm').exec(text)?.[1];
    return count === undefined || count === '0' ? [] : [limitOf[controller]];
  });
}

/** Longest wait for the kernel to take the dead out of a group. What stays is swept at the next start. */
const attempts = 500;

async function removeGroup(folder: string): Promise<void> {
  for (let left = attempts; left > 0 && !isRemoved(folder); left -= 1) await sleep(2);
}

/** False while something is in it. */
export function isRemoved(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return true;
    if (code === 'EBUSY') return false;
    throw error;
  }
}
