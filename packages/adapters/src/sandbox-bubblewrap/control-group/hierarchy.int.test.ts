import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hierarchies } from './hierarchy.ts';

let base: string;

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'hierarchy-'));
});

afterEach(() => {
  rmSync(base, { recursive: true });
});

const mount = (folder: string, kind: string, root = '/'): string =>
  `30 20 0:30 ${root} ${join(base, folder)} rw,relatime shared:9 - ${kind}`;

/** A group of version 2, and what it gives to its groups. */
function group(folder: string, gives: string): void {
  mkdirSync(join(base, folder), { recursive: true });
  writeFileSync(join(base, folder, 'cgroup.subtree_control'), `${gives}\n`);
}

describe('hierarchies', () => {
  it('finds our own group of each controller of version 1', () => {
    for (const folder of ['memory/job', 'cpu,cpuacct', 'pids/job']) {
      mkdirSync(join(base, folder), { recursive: true });
    }
    const mounts = [
      mount('memory', 'cgroup cgroup rw,memory'),
      mount('pids', 'cgroup cgroup rw,pids'),
      mount('cpu,cpuacct', 'cgroup cgroup rw,cpu,cpuacct'),
      mount('devices', 'cgroup cgroup rw,devices'),
    ];
    const membership = '4:cpu,cpuacct:/\n3:pids:/job\n2:memory:/job\n1:devices:/\n';
    expect(hierarchies(mounts.join('\n'), membership)).toEqual([
      { version: 1, folder: join(base, 'memory/job'), controllers: ['memory'], left: [] },
      { version: 1, folder: join(base, 'pids/job'), controllers: ['pids'], left: [] },
      { version: 1, folder: join(base, 'cpu,cpuacct'), controllers: ['cpu'], left: [] },
    ]);
  });

  it('finds what a container shows of the hierarchy, and nothing where that is not ours', () => {
    mkdirSync(join(base, 'memory/inner'), { recursive: true });
    const shown = mount('memory', 'cgroup cgroup rw,memory', '/docker/x');
    expect(hierarchies(shown, '2:memory:/docker/x/inner')).toMatchObject([
      { folder: join(base, 'memory/inner') },
    ]);
    expect(hierarchies(shown, '2:memory:/elsewhere')).toEqual([]);
    expect(hierarchies(shown, '2:memory:/docker/xy')).toEqual([]);
  });

  it('takes of version 2 the nearest group above that gives memory and processes', () => {
    group('', 'cpu memory pids');
    group('app', 'memory pids');
    group('app/terminal', '');
    group('app/terminal/tab', 'memory');
    const unified = mount('', 'cgroup2 cgroup2 rw');
    expect(hierarchies(unified, '0::/app/terminal/tab\n')).toEqual([
      {
        ...{ version: 2, folder: join(base, 'app'), controllers: ['memory', 'pids'] },
        left: [join(base, 'app/terminal/tab'), join(base, 'app/terminal')],
      },
    ]);
  });

  it('finds nothing where no group gives what is needed', () => {
    group('', 'hugetlb');
    expect(hierarchies(mount('', 'cgroup2 cgroup2 rw'), '0::/\n')).toEqual([]);
  });
});
