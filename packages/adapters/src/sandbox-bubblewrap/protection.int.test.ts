import {
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
  const result = protect(workspace, paths);
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
      expect(protect(workspace, ['new/path', path])).toMatchObject({
        ok: false,
        refusal: { code: 'sandbox.unavailable' },
      });
      expect(filesOf()).toEqual(['file', 'link']);
    },
  );
});
