import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isRemoved } from './group.ts';
import { ifPermitted } from './permitted.ts';

it('a group that is gone counts as removed, and one that is none is an error', () => {
  const folder = mkdtempSync(join(tmpdir(), 'group-'));
  expect(isRemoved(join(folder, 'absent'))).toBe(true);
  writeFileSync(join(folder, 'file'), '');
  expect(() => isRemoved(folder)).toThrow('ENOTEMPTY');
  rmSync(folder, { recursive: true });
});

it('a group with a process in it stays', async () => {
  const top = ['/sys/fs/cgroup/pids', '/sys/fs/cgroup/unified', '/sys/fs/cgroup'].find((path) =>
    existsSync(join(path, 'cgroup.procs')),
  );
  const folder = join(top ?? '', `group-of-a-test-${process.pid}`);
  const isMade = ifPermitted(() => {
    mkdirSync(folder);
    return true;
  });
  // As an ordinary user there is none to be had.
  if (isMade === undefined) return;
  const child = spawn('sh', ['-c', `echo $$ > ${folder}/cgroup.procs && echo in && exec sleep 60`]);
  await once(child.stdout, 'data');
  const during = isRemoved(folder);
  child.kill('SIGKILL');
  await once(child, 'exit');
  for (let looks = 0; looks < 500 && !isRemoved(folder); looks += 1) {
    await new Promise((done) => setTimeout(done, 2));
  }
  expect([during, existsSync(folder)]).toEqual([false, false]);
});

it('what is no error of the system is thrown', () => {
  expect(() =>
    ifPermitted(() => {
      throw new TypeError('of ours');
    }),
  ).toThrow(TypeError);
});
