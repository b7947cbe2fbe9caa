import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeGroup } from './group.ts';
import { hierarchies } from './hierarchy.ts';
import { ifPermitted } from './permitted.ts';

const own = {
  mounts: readFileSync('/proc/self/mountinfo', 'utf8'),
  membership: readFileSync('/proc/self/cgroup', 'utf8'),
};

/** Where this system shows version 2; undefined where it does not. */
const mounted = own.mounts
  .split('\n')
  .find((line) => line.includes(' - cgroup2 '))
  ?.split(' ')[4];

const words = (path: string): readonly string[] =>
  existsSync(path) ? readFileSync(path, 'utf8').trim().split(/\s+/) : [];

const limits = { memoryBytes: 200 * 1024 ** 2, processes: 20, cpuPercent: 100 };

/** What the kernel has of version 2, by its own word: controllers in use by version 1 are none of it. */
const offered = mounted === undefined ? [] : words(join(mounted, 'cgroup.controllers'));

describe(`control groups of version 2 (this kernel offers there: ${offered.join(', ') || 'nothing'})`, () => {
  it('are found where the kernel gives memory and processes, and nowhere else', () => {
    const found = hierarchies(own.mounts, own.membership).filter(({ version }) => version === 2);
    for (const { folder, controllers } of found) {
      expect(words(join(folder, 'cgroup.subtree_control'))).toEqual(
        expect.arrayContaining([...controllers]),
      );
    }
    const canHold = offered.includes('memory') && offered.includes('pids');
    expect(found.length).toBeLessThanOrEqual(canHold ? 1 : 0);
  });

  it('take a process in by the door that is handed to it, and are gone after it', async () => {
    const folder = mounted ?? '';
    const [held] = hierarchies(own.mounts, own.membership).filter(({ version }) => version === 2);
    const place = held ?? { version: 2 as const, folder, controllers: [], left: [] };
    const name = `group-of-a-test-${process.pid}`;
    const group = ifPermitted(() => makeGroup([place], name, limits));
    if (group === undefined) {
      // As an ordinary user, or where there is no version 2, none is to be had.
      expect(process.getuid?.() !== 0 || mounted === undefined).toBe(true);
      return;
    }
    const [door] = group.doors;
    const child = spawn('sh', ['-c', 'echo 0 >&3; cat /proc/self/cgroup; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'inherit', door],
    });
    const [said] = (await once(child.stdout ?? child, 'data')) as [Buffer];
    const populated = words(join(place.folder, name, 'cgroup.events'));
    child.kill('SIGKILL');
    await once(child, 'exit');
    const reached = group.reached();
    await group.remove();
    expect(said.toString()).toMatch(new RegExp(`^0::.*/${name}$`, 'm'));
    expect(populated.slice(0, 2)).toEqual(['populated', '1']);
    expect([reached, existsSync(join(place.folder, name))]).toEqual([[], false]);
  });
});
