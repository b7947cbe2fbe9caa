import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SandboxLimit } from '@chancery/runtime/broker';
import { processFacts } from '../process.ts';
import { isRemoved, makeGroup, type ControlGroup } from './group.ts';
import { hierarchies, type Hierarchy } from './hierarchy.ts';
import { ifPermitted } from './permitted.ts';
import { limitOf, type GroupLimits } from './settings.ts';

export type { ControlGroup } from './group.ts';

/** Groups of the kernel, made for one command each. */
export interface ControlGroups {
  /** What holds which limit, for those that are held. */
  readonly held: ReadonlyMap<SandboxLimit, string>;
  make(): ControlGroup;
}

let made = 0;

/** Tells who made it: the number of a process can be given again, with another start. */
const ownName = (): string =>
  `chancery-${process.pid}-${String(processFacts(process.pid)?.startedAt)}-`;

/**
 * Control groups of version 1 or 2, each controller where it is and may be used; none where the
 * system gives us no place for them. Removes what a process of ours that was killed has left.
 */
export async function controlGroups(limits: GroupLimits): Promise<ControlGroups> {
  const own = ownName();
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

/** Not where it is not ours to write, read-only, or not of this kernel. */
async function isUsable(place: Hierarchy, name: string, limits: GroupLimits): Promise<boolean> {
  const group = ifPermitted(() => makeGroup([place], name, limits));
  await group?.remove();
  return group !== undefined;
}

/** Groups beside ours and in those beside ours, whose maker is gone. A group that is in use stays. */
function sweep(folder: string): void {
  for (const near of [folder, ...foldersIn(dirname(folder))]) {
    for (const group of foldersIn(near)) {
      const [, pid, startedAt] = /\/chancery-(\d+)-(\d+)-\w+$/.exec(group) ?? [];
      if (pid === undefined || startedAt === undefined) continue;
      if (processFacts(Number(pid))?.startedAt === Number(startedAt)) continue;
      // One of another user stays.
      ifPermitted(() => isRemoved(group));
    }
  }
}

/** None where they are not ours to look at. */
function foldersIn(folder: string): readonly string[] {
  const entries = ifPermitted(() => readdirSync(folder, { withFileTypes: true }));
  const folders = entries?.filter((entry) => entry.isDirectory());
  return folders === undefined ? [] : folders.map(({ name }) => join(folder, name));
}
