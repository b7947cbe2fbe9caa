import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { installNode } from '../../scripts/setup/node.mjs';
import { newFolder, newProject, standInForNpm } from './project.ts';

const release = { name: 'node-somewhere', version: '24.99.0', integrity: 'sha512-AAAA' };
const place = 'node-somewhere-24.99.0';

/** Makes `npm ci` unpack a Node that answers `--version` with this. */
function npmUnpacks(answer: string): void {
  const project = newProject();
  standInForNpm(
    project,
    `const lock = JSON.parse(fs.readFileSync('package-lock.json', 'utf8'));
     const [where, { integrity }] = Object.entries(lock.packages)[1];
     fs.mkdirSync(where + '/bin', { recursive: true });
     fs.writeFileSync(where + '/integrity', integrity);
     fs.writeFileSync(where + '/bin/node', '#!/bin/sh\\n${answer}\\n', { mode: 0o755 });`,
  );
  vi.stubEnv('npm_execpath', path.join(project.folder, 'npm-cli.js'));
}

describe('installing Node', () => {
  test('puts the release, pinned by its content, into its place', async () => {
    npmUnpacks('echo v24.99.0');
    const home = newFolder();
    expect(await installNode(home, release)).toBe(path.join(home, place, 'bin/node'));
    expect(readdirSync(home)).toEqual([place]);
    expect(readFileSync(path.join(home, place, 'integrity'), 'utf8')).toBe(release.integrity);
  });

  test('twice at once leaves one whole release', async () => {
    npmUnpacks('echo v24.99.0');
    const home = newFolder();
    const both = await Promise.all([installNode(home, release), installNode(home, release)]);
    expect(new Set(both)).toEqual(new Set([path.join(home, place, 'bin/node')]));
    expect(readdirSync(home)).toEqual([place]);
  });

  test('removes what an install that was killed has left, and heals a broken release', async () => {
    npmUnpacks('echo v24.99.0');
    const home = newFolder();
    mkdirSync(path.join(home, 'install-999999999-1'));
    mkdirSync(path.join(home, place, 'bin'), { recursive: true });
    writeFileSync(path.join(home, place, 'bin/node'), '', { mode: 0o644 });
    await installNode(home, release);
    expect(readdirSync(home)).toEqual([place]);
    expect(readFileSync(path.join(home, place, 'bin/node'), 'utf8')).toContain('v24.99.0');
  });

  test.each(['echo v24.98.0', 'exit 127'])('refuses a binary that does: %s', async (answer) => {
    npmUnpacks(answer);
    const home = newFolder();
    await expect(installNode(home, release)).rejects.toMatchObject({ code: 'NODE_DOES_NOT_RUN' });
    expect(readdirSync(home)).toEqual([]);
  });

  test('says what npm said when npm fails, and leaves nothing behind', async () => {
    const project = newProject();
    standInForNpm(project, "console.error('npm error code EINTEGRITY'); process.exitCode = 1;");
    vi.stubEnv('npm_execpath', path.join(project.folder, 'npm-cli.js'));
    const home = newFolder();
    await expect(installNode(home, release)).rejects.toMatchObject({
      code: 'NODE_INSTALL_FAILED',
      message: expect.stringContaining('EINTEGRITY') as string,
      remedy: expect.stringContaining('other content than this project pins') as string,
    });
    expect(readdirSync(home)).toEqual([]);
  });
});
