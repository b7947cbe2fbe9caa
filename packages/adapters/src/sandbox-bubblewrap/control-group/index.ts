import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type SandboxLimit } from '@chancery/runtime/broker';
import { processFacts } from '../process.ts';
import { isRemoved, makeGroup, type ControlGroup } from './group.ts';
import { hierarchies, type Hierarchy } from './hierarchy.ts';
import { limitOf, type GroupLimits } from './settings.ts';

export { type ControlGroup } from './group.ts';

/** Groups of the kernel, made for one command each. */
export interface ControlGroups {
  /** What holds which limit, for those that are held. */
  readonly held: ReadonlyMap<SandboxLimit, string>;
  make(): ControlGroup;
}

let made = 0;

/** Tells who made it: the number of a process can be given again, with another start. */
const nameOf = (pid: number, startedAt: number): string => `chancery-${pid}-${startedAt}-`;

/**
 * Control groups of version 1 or 2, each controller where it is and may be used; none where the
 * system gives us no place for them. Removes what a process of ours that was killed has left.
 */
export async function controlGroups(limits: GroupLimits): Promise<ControlGroups> {
  const own = nameOf(process.pid, processFacts(process.pid)?.startedAt ?? 0);
  const found = hierarchies(
    readFileSync('/proc/self/mountinfo', 'utf8'),
    readFileSync('/proc/self/cgroup', 'utf8'),
  );
  found.forEach(({ folder }) => sweep(folder));
  const usable: Hierarchy[] = [];
  for (const place of found) if (await isUsable(place, `${own}probe`, limits)) usable.push(place);
  return {
    held: new Map(
      usable.flatMap(({ version, controllers }) =>
        controllers.map((name) => [limitOf[name], `cgroup-v${version}`] as const),
      ),
    ),
    make: () => {
      made += 1;
      return makeGroup(usable, `${own}${made}`, limits);
    },
  };
}

async function isUsable(place: Hierarchy, name: string, limits: GroupLimits): Promise<boolean> {
  try {
    const group = makeGroup([place], name, limits);
    await group.remove();
    return true;
  } catch (error) {
    // Not ours to write, read-only, or not of this kernel: it holds no limit of ours.
    if (error instanceof Error && 'syscall' in error) return false;
    throw error;
  }
}

/** Groups beside ours and in those beside ours, whose maker is gone. A group that is in use stays. */
function sweep(folder: string): void {
  for (const near of [folder, ...foldersIn(dirname(folder))]) {
    for (const group of foldersIn(near)) {
      const [, pid, startedAt] = /\/chancery-(\d+)-(\d+)-\w+$/.exec(group) ?? [];
      if (pid === undefined || startedAt === undefined) continue;
      if (processFacts(Number(pid))?.startedAt !== Number(startedAt)) isSwept(group);
    }
  }
}

function foldersIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(folder, name));
  } catch (error) {
    // Not ours to look at, or gone meanwhile.
    if (error instanceof Error && 'syscall' in error) return [];
    throw error;
  }
}

function isSwept(group: string): boolean {
  try {
    return isRemoved(group);
  } catch (error) {
    // Of another user.
    if (error instanceof Error && 'syscall' in error) return false;
    throw error;
  }
}
