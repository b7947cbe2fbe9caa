import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Controllers of the kernel that hold our limits. */
export const controllers = ['memory', 'pids', 'cpu'] as const;
export type Controller = (typeof controllers)[number];

/** A folder of the kernel's below which groups of ours may be made. */
export interface Hierarchy {
  readonly version: 1 | 2;
  readonly folder: string;
  readonly controllers: readonly Controller[];
  /** Groups that we are in and that one made in `folder` is not: theirs are the limits to keep too. */
  readonly left: readonly string[];
}

interface Mount {
  readonly version: 1 | 2;
  /** What of the hierarchy the mount shows. */
  readonly root: string;
  readonly folder: string;
  readonly controllers: readonly string[];
}

/** Lines of `/proc/self/mountinfo` (proc_pid_mountinfo(5)) that are control groups. */
function mountsOf(mountInfo: string): readonly Mount[] {
  return mountInfo.split('\n').flatMap((line): readonly Mount[] => {
    const [place = '', kind = ''] = line.split(' - ');
    const [, , , root = '', folder = ''] = place.split(' ');
    const [type, , options = ''] = kind.split(' ');
    if (type === 'cgroup2') return [{ version: 2, root, folder, controllers: [] }];
    if (type !== 'cgroup') return [];
    return [{ version: 1, root, folder, controllers: options.split(',') }];
  });
}

/** Our own group in the hierarchy of a mount; undefined where the mount does not show it. */
function ownFolder({ root, folder }: Mount, group: string | undefined): string | undefined {
  if (group === undefined) return undefined;
  if (root === '/') return resolve(folder, `.${group}`);
  const isShown = group === root || group.startsWith(`${root}/`);
  return isShown ? resolve(folder, `.${group.slice(root.length)}`) : undefined;
}

/** Groups by what `/proc/self/cgroup` names them after: their controllers, nothing for version 2. */
const groupsOf = (membership: string): ReadonlyMap<string, string> =>
  new Map(
    membership.split('\n').flatMap((line) => {
      const [, names, ...path] = line.split(':');
      if (names === undefined) return [];
      return names.split(',').map((name) => [name, path.join(':')] as const);
    }),
  );

/** Where groups could be made, by what the kernel says of us; each controller is in one at most. */
export function hierarchies(mountInfo: string, membership: string): readonly Hierarchy[] {
  const groups = groupsOf(membership);
  return mountsOf(mountInfo).flatMap((mount) => {
    if (mount.version === 2) {
      const own = ownFolder(mount, groups.get(''));
      return own === undefined ? [] : unified(mount.folder, own);
    }
    const held = controllers.filter((name) => mount.controllers.includes(name));
    const [first] = held;
    const own = first && ownFolder(mount, groups.get(first));
    if (own === undefined || !existsSync(own)) return [];
    return [{ version: 1, folder: own, controllers: held, left: [] }];
  });
}

/**
 * Of version 2 the nearest group above us that gives its groups what we need: ours gives none while
 * we are in it. What it gives is never changed, since others are in it.
 */
function unified(top: string, own: string): readonly Hierarchy[] {
  const left: string[] = [];
  for (let folder = own; ; folder = dirname(folder)) {
    const given = wordsOf(join(folder, 'cgroup.subtree_control'));
    const held = controllers.filter((name) => given.includes(name));
    if (held.includes('memory') && held.includes('pids')) {
      return [{ version: 2, folder, controllers: held, left }];
    }
    left.push(folder);
    if (folder === top || folder === dirname(folder)) return [];
  }
}

const wordsOf = (path: string): readonly string[] =>
  existsSync(path) ? readFileSync(path, 'utf8').trim().split(/\s+/) : [];
