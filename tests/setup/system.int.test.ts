import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { addProgram, logged, newProject, setUp, type Project } from './project.ts';

/** Makes `apt-get` a script, allowed for root and through sudo alike. */
function addApt(project: Project, onInstall: string): void {
  const log = path.join(project.folder, 'apt.log');
  for (const name of ['sh', 'env'])
    symlinkSync(`/usr/bin/${name}`, path.join(project.programs, name));
  addProgram(project, 'sudo', 'shift; exec "$@"');
  addProgram(
    project,
    'apt-get',
    `for word in "$@"; do case $word in update|install) echo $word >> ${log};; esac; done\n${onInstall}`,
  );
}

describe('the system programs', () => {
  test('are left alone when they are there', async () => {
    const project = newProject();
    addApt(project, 'exit 1');
    expect(await setUp(project)).toMatchObject({ code: 0 });
    expect(logged(project, 'apt.log')).toEqual([]);
  });

  test('are installed by apt where it may', async () => {
    const project = newProject(['git']);
    const bwrap = path.join(project.programs, 'bwrap');
    addApt(project, `echo '#!/bin/sh' > ${bwrap}; /bin/chmod +x ${bwrap}`);
    const { code, stderr } = await setUp(project);
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(/^setup: installing bubblewrap … [\d.]+ s\n/),
    ]);
    expect(logged(project, 'apt.log')).toContain('install');
  });

  test('other than git may be missing: the line to run is printed and the work goes on', async () => {
    const project = newProject(['git']);
    const { code, stderr } = await setUp(project);
    expect(code).toBe(0);
    expect(stderr).toContain(
      'bwrap is not installed. Without this sandbox every shell.run is refused.',
    );
  });

  test('name the exact line to run when apt failed', async () => {
    const project = newProject(['git']);
    addApt(project, 'exit 100');
    const { code, stderr } = await setUp(project);
    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining('Run: sudo apt-get install -y bubblewrap'),
    ]);
    expect(logged(project, 'apt.log')).toContain('update');
  });

  test('stop the work when git is missing', async () => {
    const project = newProject(['bwrap']);
    const { code, stderr } = await setUp(project, 'entry.ts');
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('PROGRAM_MISSING: git is not installed.'),
    ]);
    expect(logged(project, 'npm.log')).toEqual([]);
  });
});
