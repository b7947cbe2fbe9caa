import { existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { logged, newProject, setUp, standInForNpm, write } from './project.ts';

describe('the packages', () => {
  test('are installed once, and again when the lockfile changed', async () => {
    const project = newProject();
    await setUp(project);
    const second = await setUp(project);
    expect([logged(project, 'npm.log'), second.stderr]).toEqual([
      ['ci'],
      'setup: everything is in place.\n',
    ]);
    write(project, 'package-lock.json', '{ "name": "other" }');
    await setUp(project);
    expect(logged(project, 'npm.log')).toEqual(['ci', 'ci']);
  });

  test('are installed again after an install that failed', async () => {
    const project = newProject();
    standInForNpm(project, "console.error('npm error code ENOTFOUND'); process.exitCode = 1;");
    const failed = await setUp(project, 'entry.ts');
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain('PACKAGES_INSTALL_FAILED');
    expect(failed.stderr).toContain('remedy: The package registry was not reached');
    standInForNpm(project, '');
    expect(await setUp(project)).toMatchObject({ code: 0 });
    expect(logged(project, 'npm.log')).toEqual(['ci', 'ci']);
  });

  test('are installed once by launchers that start together', async () => {
    const project = newProject();
    standInForNpm(project, 'setTimeout(() => 0, 500);');
    const both = await Promise.all([setUp(project), setUp(project)]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(logged(project, 'npm.log')).toEqual(['ci']);
    expect(existsSync(path.join(project.folder, '.node/packages.lock'))).toBe(false);
  });

  test('are installed in spite of a lock whose owner is dead', async () => {
    const project = newProject();
    mkdirSync(path.join(project.folder, '.node'));
    write(project, '.node/packages.lock', '999999999');
    expect(await setUp(project)).toMatchObject({ code: 0 });
    expect(logged(project, 'npm.log')).toEqual(['ci']);
  });

  test('are not installed without a lockfile', async () => {
    const project = newProject();
    rmSync(path.join(project.folder, 'package-lock.json'));
    const { code, stderr } = await setUp(project);
    expect([code, stderr]).toEqual([1, expect.stringContaining('setup: LOCKFILE_MISSING:')]);
  });
});
