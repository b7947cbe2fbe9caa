import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bubblewrapSandbox } from './index.ts';

const sandbox = bubblewrapSandbox();

let top: string;
let workspace: string;

beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'chancery-lifted-')));
  workspace = join(top, 'workspace');
  for (const path of ['ci/jobs/main', 'ci/jobs/other', 'ci/owners', 'free']) put(path, 'as it was');
  symlinkSync('../free', join(workspace, 'ci/link'));
});

afterEach(() => {
  rmSync(top, { recursive: true, force: true });
});

function put(path: string, text: string): void {
  mkdirSync(dirname(join(workspace, path)), { recursive: true });
  writeFileSync(join(workspace, path), text);
}

/** Makes the folder one that is read-only as a whole. */
function crowd(): void {
  for (let nth = 0; nth < 129; nth += 1) put(`ci/n${nth}`, '');
}

const read = (path: string): string => readFileSync(join(workspace, path), 'utf8');

/** What is in the protected folder that was not there at first. */
function addedBy(before: readonly string[]): readonly string[] {
  return present().filter((path) => !before.includes(path));
}

const present = (): readonly string[] =>
  readdirSync(join(workspace, 'ci'), { recursive: true, encoding: 'utf8' }).sort();

async function run(line: string, lifted: readonly string[], readOnly = ['ci']) {
  const before = existsSync(join(workspace, 'ci')) ? present() : [];
  const ran = await sandbox.run({
    ...{ argv: ['/bin/sh', '-c', line], workspace, cwd: '.', env: {}, stdin: null },
    ...{ timeoutMs: 20_000, outputBytes: 65_536, readable: [], readOnly, lifted },
    signal: new AbortController().signal,
  });
  if (!ran.ok) throw new Error(ran.refusal.message);
  const { exitCode, strayed = [], stderr } = ran.value;
  const said = Buffer.from(stderr).toString();
  return {
    exitCode,
    strayed,
    said,
    added: existsSync(join(workspace, 'ci')) ? addedBy(before) : [],
  };
}

const wellDone = { exitCode: 0, strayed: [], said: '', added: [] };

describe('a folder in which a file is lifted', () => {
  it.each([
    ['in its place', 'echo new > ci/jobs/main'],
    ['as sed does', 'sed -i s/.*/new/ ci/jobs/main'],
    ['by another file', 'echo new > free; mv free ci/jobs/main'],
    ['once removed', 'rm ci/jobs/main; echo new > ci/jobs/main'],
  ])('lets it be written %s', async (_how, line) => {
    expect(await run(line, ['ci/jobs/main'])).toEqual(wellDone);
    expect(read('ci/jobs/main').trim()).toBe('new');
  });

  it('lets it be removed, and the folders that lead to it not', async () => {
    const seen = await run('rm ci/jobs/main; mv ci/jobs aside || mv ci aside', ['ci/jobs/main']);
    expect(seen).toMatchObject({ strayed: [], added: [] });
    expect(seen.said.match(/busy/g)).toHaveLength(2);
    expect(readdirSync(join(workspace, 'ci/jobs'))).toEqual(['other']);
  });

  it('holds nothing else that the command makes there, and tells of it', async () => {
    const line = [
      'echo new > ci/jobs/main; echo x > ci/a.tmp; echo x > ci/jobs/b.tmp; mkdir -p ci/empty/er',
      `ln -s ${top}/victim ci/jobs/way`,
    ].join('; ');
    mkdirSync(join(top, 'victim'));
    writeFileSync(join(top, 'victim/file'), '');
    const seen = await run(line, ['ci/jobs/main']);
    expect({ ...seen, strayed: seen.strayed.toSorted() }).toEqual({
      ...wellDone,
      strayed: ['ci/a.tmp', 'ci/empty', 'ci/jobs/b.tmp', 'ci/jobs/way'],
    });
    expect(read('ci/jobs/main')).toBe('new\n');
    expect(readdirSync(join(top, 'victim'))).toEqual(['file']);
  });

  it('has its other files and folders read-only', async () => {
    const line = 'echo x > ci/owners; echo x > ci/jobs/other; rm -f ci/owners; mkdir ci/jobs/x/y';
    const seen = await run(line, ['ci/jobs/main']);
    expect(seen).toMatchObject({ strayed: [], added: [] });
    expect([read('ci/owners'), read('ci/jobs/other')]).toEqual(['as it was', 'as it was']);
  });

  it.each([
    ['replaced', 'ln -sf /etc/passwd ci/link'],
    ['removed', 'rm ci/link'],
    ['made a file', 'rm ci/link; echo x > ci/link'],
    ['made a folder', 'rm ci/link; mkdir -p ci/link/x'],
  ])('has a link put back that was %s', async (_how, line) => {
    expect(await run(line, ['ci/jobs/main'])).toEqual({ ...wellDone, strayed: ['ci/link'] });
    expect(readlinkSync(join(workspace, 'ci/link'))).toBe('../free');
  });

  it('has a link replaced that is itself lifted', async () => {
    expect(await run('ln -sf owners ci/link', ['ci/link'])).toEqual(wellDone);
    expect(readlinkSync(join(workspace, 'ci/link'))).toBe('owners');
  });

  it.each([
    ['by nobody', ':', []],
    ['with what is lifted', 'echo x > ci/new/deep/file', ['new', 'new/deep', 'new/deep/file']],
  ])('is made where it is missing, and stays where it was filled %s', async (_how, line, added) => {
    expect(await run(line, ['ci/new/deep/file'])).toEqual({ ...wellDone, added });
  });

  it('is removed where it was missing and holds nothing that is lifted', async () => {
    rmSync(join(workspace, 'ci'), { recursive: true });
    const seen = await run('echo x > ci/a; echo x > ci/jobs/b; mv ci aside', ['ci/jobs/main']);
    expect(seen).toMatchObject({ strayed: ['ci/a', 'ci/jobs/b'] });
    expect(readdirSync(workspace)).toEqual(['free']);
  });

  it('holds the place of what another command may not make there meanwhile', async () => {
    const first = run('sleep 1', ['ci/jobs/main']);
    await sleep(300);
    const second = run('sleep 1', [], ['ci/absent']);
    expect(await first).toMatchObject({ exitCode: 0, strayed: [] });
    await second;
    expect(existsSync(join(workspace, 'ci/absent'))).toBe(false);
  });

  it('is written in every way, and removed, where it is lifted itself', async () => {
    const seen = await run('echo x > ci/jobs/new; rm ci/jobs/other; rm ci/owners', ['ci/jobs']);
    expect(seen).toMatchObject({ strayed: [], added: ['jobs/new'] });
    expect(read('ci/owners')).toBe('as it was');
    expect(await run('rm -r ci/jobs', ['ci/jobs'])).toEqual(wellDone);
    expect(present()).toEqual(['link', 'owners']);
  });
});

describe('a crowded folder in which a file is lifted', () => {
  beforeEach(crowd);

  it('lets it be written in its place, and nothing else', async () => {
    const line = 'echo new > ci/jobs/main; for f in ci/n1 ci/x ci/jobs/x; do echo x > $f; done';
    const seen = await run(line, ['ci/jobs/main']);
    expect(seen).toMatchObject({ strayed: [], added: [] });
    expect(seen.said.match(/Read-only/g)).toHaveLength(3);
    expect([read('ci/jobs/main'), read('ci/n1')]).toEqual(['new\n', '']);
  });

  it.each(['rm ci/jobs/main', 'sed -i s/.*/new/ ci/jobs/main', 'mv free ci/jobs/main'])(
    'does not let it be removed or replaced: %s',
    async (line) => {
      expect((await run(line, ['ci/jobs/main'])).exitCode).not.toBe(0);
      expect(read('ci/jobs/main')).toBe('as it was');
    },
  );

  it.each([
    ['written', 'echo x > ci/a/b', ['a', 'a/b']],
    ['touched', 'touch ci/a/b', ['a', 'a/b']],
    ['read alone', 'cat ci/a/b', []],
  ])('has a missing one that was %s', async (_how, line, added) => {
    expect(await run(line, ['ci/a/b'])).toEqual({ ...wellDone, added });
  });

  it('has a lifted folder with all in it', async () => {
    put('ci/more/one', 'x');
    expect(await run('rm ci/more/one; mkdir ci/more/two', ['ci/more'])).toEqual({
      ...{ ...wellDone, added: ['more/two'] },
    });
  });

  it('keeps what another file would be written by, and what lies behind a link', async () => {
    linkSync(join(workspace, 'ci/jobs/other'), join(workspace, 'ci/jobs/twin'));
    symlinkSync('jobs', join(workspace, 'ci/way'));
    const lifted = ['ci/jobs/twin', 'ci/way/main', 'ci/link', 'ci/owners/x'];
    await run('for f in ci/jobs/twin ci/way/main; do echo x > $f; done', lifted);
    expect([read('ci/jobs/other'), read('ci/jobs/main')]).toEqual(['as it was', 'as it was']);
  });

  it('is not there afterwards where it was not there', async () => {
    const seen = await run(
      'echo x > new/x; echo y > new/y',
      ['ci/jobs/main', 'new/x'],
      ['ci', 'new'],
    );
    expect(seen.said.match(/Read-only/g)).toHaveLength(1);
    expect(readdirSync(join(workspace, 'new'))).toEqual(['x']);
    await run(':', ['ci/jobs/main', 'other/x'], ['ci', 'other']);
    expect(existsSync(join(workspace, 'other'))).toBe(false);
  });
});
