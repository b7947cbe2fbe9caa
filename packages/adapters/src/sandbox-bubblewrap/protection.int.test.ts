import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { protect } from './protection.ts';
import { socketsIn } from './sockets.ts';

let workspace: string;

beforeEach(() => {
  workspace = realpathSync(mkdtempSync(join(tmpdir(), 'chancery-protection-')));
});

afterEach(() => {
  rmSync(workspace, { recursive: true, force: true });
});

const filesOf = (): readonly string[] =>
  readdirSync(workspace, { recursive: true, encoding: 'utf8' }).sort();

function mustProtect(...paths: readonly string[]) {
  const result = protect(workspace, { readOnly: paths });
  if (!result.ok) throw new Error(result.refusal.message);
  return result.value;
}

describe('protect', () => {
  it('pins the folders above a path and makes the path itself read-only', () => {
    mkdirSync(join(workspace, 'a/b'), { recursive: true });
    writeFileSync(join(workspace, 'a/b/c'), '');
    const { pinned, readOnly } = mustProtect('a/b/c');
    expect({ pinned, readOnly }).toEqual({
      pinned: [join(workspace, 'a'), join(workspace, 'a/b')],
      readOnly: [join(workspace, 'a/b/c')],
    });
  });

  it('holds the place of a missing path and leaves nothing behind', () => {
    const protection = mustProtect('a/b/c', '.git', 'folder/');
    const during = filesOf();
    protection.release();
    expect({ during, after: filesOf() }).toEqual({
      during: ['.git', 'a', 'a/b', 'a/b/c', 'folder'],
      after: [],
    });
  });

  it('keeps a place that another run still holds', () => {
    const first = mustProtect('a/b');
    const second = mustProtect('a/b');
    first.release();
    const between = filesOf();
    second.release();
    expect({ between, after: filesOf() }).toEqual({ between: ['a', 'a/b'], after: [] });
  });

  it('leaves a folder that it made, and in which something is by now', () => {
    const protection = mustProtect('a/b/c');
    writeFileSync(join(workspace, 'a/mine'), '');
    protection.release();
    expect(filesOf()).toEqual(['a', 'a/mine']);
  });

  it('needs no more for a path below a protected one, be that a file', () => {
    writeFileSync(join(workspace, '.git'), 'gitdir: elsewhere');
    const { pinned, readOnly } = mustProtect('.git', '.git/config');
    expect({ pinned, readOnly }).toEqual({ pinned: [], readOnly: [join(workspace, '.git')] });
  });

  it('leaves what was there before', () => {
    mkdirSync(join(workspace, 'a'));
    writeFileSync(join(workspace, 'a/kept'), 'kept');
    mustProtect('a/kept', 'a/b').release();
    expect(filesOf()).toEqual(['a', 'a/kept']);
  });

  it.each(['link', 'link/x', 'file/x', '../x', 'a/../x', '', '.'])(
    'refuses %j, which no mount can cover, and leaves nothing behind',
    (path) => {
      writeFileSync(join(workspace, 'file'), '');
      symlinkSync('file', join(workspace, 'link'));
      expect(protect(workspace, { readOnly: ['new/path', path] })).toMatchObject({
        ok: false,
        refusal: { code: 'sandbox.unavailable' },
      });
      expect(filesOf()).toEqual(['file', 'link']);
    },
  );

  it('covers other names of a protected file, wherever they are in the workspace', () => {
    for (const folder of ['.git/objects', 'a/b', 'free']) {
      mkdirSync(join(workspace, folder), { recursive: true });
    }
    for (const path of ['.git/objects/one', 'kept', 'free/alone']) {
      writeFileSync(join(workspace, path), path);
    }
    linkSync(join(workspace, '.git/objects/one'), join(workspace, 'a/b/copy'));
    linkSync(join(workspace, '.git/objects/one'), join(workspace, '.git/two'));
    linkSync(join(workspace, 'kept'), join(workspace, 'also'));
    linkSync(join(workspace, 'free/alone'), join(workspace, 'free/together'));
    const { pinned, readOnly } = mustProtect('.git', 'kept');
    expect({ pinned, readOnly: readOnly.toSorted() }).toEqual({
      pinned: [join(workspace, 'a'), join(workspace, 'a/b')],
      readOnly: ['.git', 'a/b/copy', 'also', 'kept'].map((path) => join(workspace, path)),
    });
  });

  it('keeps the place of a socket in the workspace, and masks it wherever it is', () => {
    mkdirSync(join(workspace, 'run/x'), { recursive: true });
    const sockets = [join(workspace, 'run/x/socket'), '/elsewhere/socket'];
    const result = protect(workspace, { readOnly: [], sockets });
    expect(result.ok && [result.value.pinned, result.value.masked]).toEqual([
      [join(workspace, 'run'), join(workspace, 'run/x')],
      sockets,
    ]);
  });
});

describe('socketsIn', () => {
  const listen = async (folder: string, name: string) => {
    const source = `require('node:net').createServer().listen(${JSON.stringify(name)}, () => console.log(1))`;
    const child = spawn(process.execPath, ['-e', source], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    return child;
  };

  it('finds where somebody listens, by whatever name, in these folders alone', async () => {
    for (const folder of ['in/deep', 'out'])
      mkdirSync(join(workspace, folder), { recursive: true });
    writeFileSync(join(workspace, 'in/file'), '');
    const absolute = await listen(workspace, join(workspace, 'in/absolute'));
    const outer = await listen(workspace, join(workspace, 'out/socket'));
    const folders = [join(workspace, 'in')];
    const first = socketsIn(folders);
    const relative = await listen(join(workspace, 'in/deep'), 'relative');
    const both = socketsIn(folders);
    for (const child of [absolute, outer, relative]) child.kill('SIGKILL');
    expect([first, both.toSorted()]).toEqual([
      [join(workspace, 'in/absolute')],
      [join(workspace, 'in/absolute'), join(workspace, 'in/deep/relative')],
    ]);
  });
});
