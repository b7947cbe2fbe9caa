import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  codeOf,
  independentTree,
  newFolder,
  newGround,
  newWorkspace,
  runGit,
  valueOf,
  writeTo,
  type Ground,
} from './repository-fixture.ts';
import { gitWorkspaces } from './workspaces.ts';

const grounds: string[] = [];
afterAll(() => {
  for (const folder of grounds) rmSync(folder, { recursive: true, force: true });
});

function ground(files: Readonly<Record<string, string>>, format?: string): Ground {
  const made = newGround(files, format);
  grounds.push(made.folder);
  return made;
}

const attributes = [
  '* text=auto eol=crlf ident',
  '*.bin filter=poison diff=poison merge=poison',
].join('\n');

describe('a snapshot', () => {
  it('names the tree that git itself gives the files, whatever attributes say', async () => {
    const workspace = await newWorkspace(
      ground({
        'crlf.txt': 'one\r\ntwo\r\n',
        'lf.txt': 'one\ntwo\n',
        'id.txt': '$Id$\n',
        'x.bin': '\0\u0001',
        'dir.d/deep/file': 'x',
        dir: 'a file that sorts before dir.d',
        '.gitattributes': attributes,
      }),
    );
    expect(valueOf(await workspace.snapshot())).toBe(independentTree(workspace.root));
    writeTo(
      workspace.root,
      'sub/.gitattributes',
      '* text eol=crlf\n*.u16 working-tree-encoding=UTF-16\n',
    );
    writeTo(workspace.root, 'sub/a.u16', 'no byte order mark\n');
    writeTo(workspace.root, 'sub/new.txt', 'a\r\nb\n');
    expect(valueOf(await workspace.snapshot())).toBe(independentTree(workspace.root));
    expect(readFileSync(join(workspace.root, 'id.txt'), 'utf8')).toBe('$Id$\n');
  });

  it('holds executable bits, links, and names that need quoting', async () => {
    const workspace = await newWorkspace(ground({ 'a/b': '1', c: '2' }));
    const { root } = workspace;
    for (const name of [
      '-leading',
      'a "quote"',
      'line\nbreak',
      'tab\t',
      'ünï😀',
      '\uffee',
      ':(top)x',
      '*',
    ]) {
      writeTo(root, `odd/${name}`, name);
    }
    writeTo(root, 'git~1', 'a short name of another system');
    chmodSync(join(root, 'c'), 0o755);
    symlinkSync('/etc/passwd', join(root, 'outside'));
    symlinkSync('nowhere', join(root, 'dangling'));
    symlinkSync('a', join(root, 'to-folder'));
    expect(valueOf(await workspace.snapshot())).toBe(independentTree(root));
  });

  it('sees a change that keeps size and time of the file', async () => {
    const workspace = await newWorkspace(ground({ file: 'aaaa' }));
    const place = join(workspace.root, 'file');
    const trees = new Set<string>();
    for (const content of ['bbbb', 'cccc', 'dddd', 'eeee', 'ffff']) {
      const { atime, mtime } = statSync(place);
      writeFileSync(place, content);
      utimesSync(place, atime, mtime);
      trees.add(valueOf(await workspace.snapshot()));
    }
    expect(trees.size).toBe(5);
  });

  it('of named paths equals that of everything', async () => {
    const workspace = await newWorkspace(ground({ 'a/b': '1', 'a/c': '2', d: '3' }));
    await workspace.snapshot();
    const { root } = workspace;
    writeTo(root, 'a/b', 'changed');
    unlinkSync(join(root, 'a/c'));
    writeTo(root, 'x/y/z', 'new');
    const named = valueOf(await workspace.snapshot(['a/b', 'a/c', 'x/y/z']));
    expect(named).toBe(independentTree(root));
    expect(valueOf(await workspace.snapshot())).toBe(named);
    rmSync(join(root, 'a'), { recursive: true });
    writeTo(root, 'a', 'a file now');
    expect(valueOf(await workspace.snapshot(['a/b']))).toBe(independentTree(root));
  });

  it('survives the process: another one can read every object of it', async () => {
    const place = ground({ a: '1' });
    const workspace = await newWorkspace(place);
    writeTo(workspace.root, 'big', 'x'.repeat(300_000));
    for (let index = 0; index < 150; index += 1)
      writeTo(workspace.root, `many/${index}`, `${index}`);
    const tree = valueOf(await workspace.snapshot());
    const store = readdirSync(join(place.home, 'snapshots')).find((name) => !name.includes('.'));
    const home = join(place.home, 'snapshots', store ?? '');
    expect(runGit(home, 'fsck', '--full', '--strict', '--no-dangling', tree)).toBe('');
    expect(runGit(home, 'ls-tree', '-r', '--name-only', tree).split('\n')).toHaveLength(153);
  });

  it.each([
    [
      'a nested repository',
      (root: string) => mkdirSync(join(root, 'sub/.git'), { recursive: true }),
      'repo.nested',
    ],
    ['a nested git link', (root: string) => writeTo(root, 'a/.GIT', 'gitdir: /x'), 'repo.nested'],
    [
      'a pipe',
      (root: string) => execFileSync('/bin/sh', ['-c', 'mkfifo "$0"', join(root, 'pipe')]),
      'workspace.unsupported',
    ],
    [
      'a name that is not UTF-8',
      (root: string) =>
        writeFileSync(Buffer.concat([Buffer.from(`${root}/a`), Buffer.of(0xff)]), 'x'),
      'workspace.unsupported',
    ],
    [
      'a link in place of .gitmodules',
      (root: string) => symlinkSync('x', join(root, '.gitmodules')),
      'workspace.unsupported',
    ],
  ])('refuses %s, and a rollback removes it', async (_what, plant, code) => {
    const workspace = await newWorkspace(ground({ 'a/b': '1' }));
    const before = valueOf(await workspace.snapshot());
    plant(workspace.root);
    expect(codeOf(await workspace.snapshot())).toBe(code);
    expect(codeOf(await workspace.snapshot(['a/b']))).toBe(code);
    await workspace.restore(before);
    expect(valueOf(await workspace.snapshot())).toBe(before);
    expect(independentTree(workspace.root)).toBe(before);
  });
});

// The administrator reads and writes everything.
describe.skipIf(process.getuid?.() === 0)('without permission', () => {
  it.each(['a/b', 'a', 'x'])('%s is refused, and a rollback replaces it', async (path) => {
    const workspace = await newWorkspace(ground({ 'a/b': '1' }));
    const before = valueOf(await workspace.snapshot());
    if (path === 'x') mkdirSync(join(workspace.root, path));
    chmodSync(join(workspace.root, path), 0);
    expect(codeOf(await workspace.snapshot())).toBe('workspace.unsupported');
    await workspace.restore(before);
    expect(independentTree(workspace.root)).toBe(before);
  });

  it('to its objects, a repository is refused', async () => {
    const place = ground({ a: '1' });
    const objects = join(place.repository, '.git/objects');
    chmodSync(objects, 0o555);
    const request = { run: 'r1', repository: place.repository, allowDirty: false };
    expect(codeOf(await place.workspaces.create(request))).toBe('repo.unreadable');
    chmodSync(objects, 0o755);
  });
});

describe('ignore rules', () => {
  const files = {
    '.gitignore': '*.log\nbuild/\n!keep.log\n',
    'sub/.gitignore': '/only-here\n',
    'kept.log': 'in the base although it matches',
    'sub/file': 'x',
  };

  it('are those of the base commit', async () => {
    const workspace = await newWorkspace(ground(files));
    const { root } = workspace;
    const before = valueOf(await workspace.snapshot());
    for (const path of ['x.log', 'build/out', 'sub/only-here', 'sub/deep/y.log']) {
      writeTo(root, path, 'ignored');
    }
    expect(valueOf(await workspace.snapshot())).toBe(before);
    writeTo(root, 'deep/sub/only-here', 'not where the rule holds');
    expect(await workspace.changes(before, valueOf(await workspace.snapshot()))).toEqual([
      { path: 'deep/sub/only-here', change: 'added' },
    ]);
  });

  it('cannot be changed by the candidate', async () => {
    const workspace = await newWorkspace(ground(files));
    const { root } = workspace;
    const before = valueOf(await workspace.snapshot());
    writeTo(root, '.gitignore', '*\n');
    writeTo(root, 'sub/.gitignore', '*\n');
    writeTo(root, 'other/.gitignore', '*\n');
    writeTo(root, 'other/hidden', 'not hidden');
    writeTo(root, 'y.log', 'still ignored');
    writeTo(root, 'keep.log', 'named by the base');
    writeTo(root, 'kept.log', 'changed');
    const changes = await workspace.changes(before, valueOf(await workspace.snapshot()));
    expect(changes).toEqual([
      { path: '.gitignore', change: 'modified' },
      { path: 'keep.log', change: 'added' },
      { path: 'kept.log', change: 'modified' },
      { path: 'other/.gitignore', change: 'added' },
      { path: 'other/hidden', change: 'added' },
      { path: 'sub/.gitignore', change: 'modified' },
    ]);
  });

  it('leave files outside, where a rollback leaves them', async () => {
    const workspace = await newWorkspace(ground(files));
    const { root } = workspace;
    const before = valueOf(await workspace.snapshot());
    writeTo(root, 'build/cache/x', 'ignored');
    writeTo(root, 'new/a.log', 'ignored in a folder that is not in the base');
    writeTo(root, 'new/b', 'recorded');
    writeTo(root, 'build.d/c', 'recorded');
    mkdirSync(join(root, 'empty/empty'), { recursive: true });
    await workspace.restore(before);
    expect(await workspace.outside()).toEqual([
      { path: 'build/', why: 'ignored by the rules of the base commit' },
      { path: 'new/a.log', why: 'ignored by the rules of the base commit' },
    ]);
    expect(readdirSync(root).toSorted()).toEqual(
      ['.git', '.gitignore', 'build', 'kept.log', 'new', 'sub'].toSorted(),
    );
    expect(valueOf(await workspace.snapshot())).toBe(before);
  });
});

describe('a rollback', () => {
  it('swaps files, folders and links back, byte for byte', async () => {
    const workspace = await newWorkspace(ground({ 'a/b/c': '1', d: '2', 'e/f': '3', run: '#!' }));
    const { root } = workspace;
    chmodSync(join(root, 'run'), 0o755);
    symlinkSync('d', join(root, 'link'));
    const before = valueOf(await workspace.snapshot());
    rmSync(join(root, 'a'), { recursive: true });
    writeTo(root, 'a', 'a file');
    rmSync(join(root, 'd'));
    writeTo(root, 'd/x/y', 'a folder');
    chmodSync(join(root, 'run'), 0o644);
    unlinkSync(join(root, 'link'));
    writeTo(root, 'link', 'no link');
    const other = newFolder();
    writeTo(other, 'f', 'outside');
    rmSync(join(root, 'e'), { recursive: true });
    symlinkSync(other, join(root, 'e'));
    const after = valueOf(await workspace.snapshot());
    await workspace.restore(before);
    expect(independentTree(root)).toBe(before);
    expect(lstatSync(join(root, 'run')).mode & 0o111).not.toBe(0);
    expect(readlinkSync(join(root, 'link'))).toBe('d');
    expect(readFileSync(join(other, 'f'), 'utf8')).toBe('outside');
    await workspace.restore(after);
    expect(independentTree(root)).toBe(after);
    expect(readFileSync(join(other, 'f'), 'utf8')).toBe('outside');
  });

  it('writes no other name of a file and gets past read-only folders', async () => {
    const workspace = await newWorkspace(ground({ 'a/b': 'old', 'a/c': '1' }));
    const { root } = workspace;
    const before = valueOf(await workspace.snapshot());
    const other = join(newFolder(), 'twin');
    writeTo(root, 'a/b', 'new');
    linkSync(join(root, 'a/b'), other);
    chmodSync(join(root, 'a/b'), 0o444);
    unlinkSync(join(root, 'a/c'));
    writeTo(root, 'a/locked/x', '1');
    chmodSync(join(root, 'a/locked'), 0o555);
    chmodSync(join(root, 'a'), 0o555);
    await workspace.restore(before);
    expect(independentTree(root)).toBe(before);
    expect(readFileSync(other, 'utf8')).toBe('new');
  });

  it('removes what is nested too deep to be named', async () => {
    const workspace = await newWorkspace(ground({ a: '1' }));
    const before = valueOf(await workspace.snapshot());
    const name = 'n'.repeat(200);
    let top = '';
    for (let round = 0; round < 3; round += 1) {
      const inner = join(workspace.root, `deep-${round}`);
      mkdirSync(join(inner, ...Array.from({ length: 10 }, () => name)), { recursive: true });
      if (top !== '') {
        const bottom = join(inner, ...Array.from({ length: 10 }, () => name), 'next');
        renameSync(top, bottom);
      }
      top = inner;
    }
    expect(codeOf(await workspace.snapshot())).toBe('workspace.unsupported');
    await workspace.restore(before);
    expect(readdirSync(workspace.root).toSorted()).toEqual(['.git', 'a']);
  });

  it('refuses folders in folders without end, and removes them', async () => {
    const workspace = await newWorkspace(ground({ a: '1' }));
    const before = valueOf(await workspace.snapshot());
    const folders = (count: number): void => {
      const bottom = join(workspace.root, 'd/'.repeat(count));
      mkdirSync(bottom, { recursive: true });
      writeFileSync(join(bottom, 'x'), 'x');
    };
    folders(255);
    expect((await workspace.snapshot()).ok).toBe(true);
    await workspace.restore(before);
    folders(1_900);
    expect(codeOf(await workspace.snapshot())).toBe('workspace.unsupported');
    await workspace.restore(before);
    expect(readdirSync(workspace.root).toSorted()).toEqual(['.git', 'a']);
  });
});

describe('a commit', () => {
  it.each(['sha1', 'sha256'])('holds the exact bytes in a repository of %s', async (format) => {
    const place = ground({ 'a/b': '1\r\n', 'same/x': 'y', '.gitattributes': attributes }, format);
    const workspace = await newWorkspace(place);
    const { root } = workspace;
    writeTo(root, 'a/b', '2\r\n$Id$\n');
    writeTo(root, 'n/x.bin', 'bytes');
    chmodSync(join(root, 'n/x.bin'), 0o755);
    symlinkSync('a', join(root, 'l'));
    const tree = valueOf(await workspace.snapshot());
    const commit = await workspace.commit(tree, 'Change it\n\nwith a body\n');
    expect(runGit(place.repository, 'cat-file', 'blob', `${commit}:a/b`)).toBe('2\r\n$Id$\n');
    expect(
      runGit(place.repository, 'ls-tree', '-r', '--format=%(objectmode) %(path)', commit),
    ).toBe('100644 .gitattributes\n100644 a/b\n120000 l\n100755 n/x.bin\n100644 same/x\n');
    expect(
      runGit(place.repository, 'log', '-1', '--format=%an <%ae> %s|%P', workspace.branch),
    ).toBe(`Chancery <chancery@localhost> Change it|${workspace.origin.baseCommit}\n`);
    expect(runGit(place.repository, 'fsck', '--strict')).toBe('');
    expect(runGit(root, 'rev-parse', 'HEAD')).toBe(`${commit}\n`);
    expect(await workspace.commit(tree, 'again')).toBe(commit);
    writeTo(root, 'more', '1');
    const next = await workspace.commit(valueOf(await workspace.snapshot()), 'more');
    expect(runGit(place.repository, 'rev-list', next)).toBe(
      `${next}\n${commit}\n${workspace.origin.baseCommit}\n`,
    );
  });

  it('leaves the checkout, index, branches and configuration of the user alone', async () => {
    const place = ground({ a: '1' });
    const { repository } = place;
    writeTo(repository, '.git/hooks/post-commit', `#!/bin/sh\ntouch ${place.folder}/hooked\n`);
    const state = (): unknown => ({
      index: readFileSync(join(repository, '.git/index')),
      head: readFileSync(join(repository, '.git/HEAD'), 'utf8'),
      config: readFileSync(join(repository, '.git/config'), 'utf8'),
      main: runGit(repository, 'rev-parse', 'refs/heads/main'),
      files: readdirSync(repository),
      info: readdirSync(join(repository, '.git/info')),
    });
    const before = state();
    const workspace = await newWorkspace(place);
    writeTo(workspace.root, 'b', '2');
    await workspace.commit(valueOf(await workspace.snapshot()), 'x');
    await workspace.dispose();
    expect(state()).toEqual(before);
    expect(runGit(repository, 'for-each-ref', '--format=%(refname)')).toBe(
      'refs/heads/chancery/r1\nrefs/heads/main\n',
    );
    expect(
      runGit(repository, 'worktree', 'list', '--porcelain').match(/^worktree /gm),
    ).toHaveLength(1);
    expect(existsSync(workspace.root)).toBe(false);
    expect(existsSync(join(place.folder, 'hooked'))).toBe(false);
  });
});

describe('trees', () => {
  it('are compared and shown, without drivers that attributes name', async () => {
    const place = ground({ 'x.bin': 'text\n', 'd/y': '1\n' });
    const mark = join(place.folder, 'ran');
    runGit(place.repository, 'config', 'diff.poison.textconv', `touch ${mark};cat`);
    runGit(place.repository, 'config', 'diff.poison.command', `touch ${mark}`);
    const workspace = await newWorkspace(place);
    const before = valueOf(await workspace.snapshot());
    writeTo(workspace.root, '.gitattributes', '* diff=poison\n');
    writeTo(workspace.root, 'x.bin', 'text\nmore\n');
    rmSync(join(workspace.root, 'd/y'));
    symlinkSync('z', join(workspace.root, 'd/y'));
    const after = valueOf(await workspace.snapshot());
    expect(await workspace.changes(before, after)).toEqual([
      { path: '.gitattributes', change: 'added' },
      { path: 'd/y', change: 'type-changed' },
      { path: 'x.bin', change: 'modified' },
    ]);
    const diff = await workspace.diff(before, after, ['x.bin']);
    expect(diff.split('\n').slice(4)).toEqual(['@@ -1 +1,2 @@', ' text', '+more', '']);
    expect(existsSync(mark)).toBe(false);
  });

  it('are written into an empty folder', async () => {
    const workspace = await newWorkspace(ground({ 'a/b': '1\r\n', c: '2' }));
    symlinkSync('a/b', join(workspace.root, 'l'));
    const tree = valueOf(await workspace.snapshot());
    const target = join(newFolder(), 'out');
    await workspace.checkout(tree, target);
    expect(independentTree(target)).toBe(tree);
    await expect(workspace.checkout(tree, target)).rejects.toThrow('not empty');
  });
});

describe('a workspace', () => {
  it('is found again by another process and goes on where it was', async () => {
    const place = ground({ '.gitignore': '*.o\n', a: '1' });
    const workspace = await newWorkspace(place);
    writeTo(workspace.root, 'b', '2');
    writeTo(workspace.root, 'x.o', 'ignored');
    const tree = valueOf(await workspace.snapshot());
    writeTo(workspace.root, '.gitignore', '*\n');
    const again = valueOf(await gitWorkspaces({ home: place.home }).open('r1', workspace.origin));
    expect(await again.changes(tree, valueOf(await again.snapshot(['a'])))).toEqual([
      { path: '.gitignore', change: 'modified' },
    ]);
    await again.restore(tree);
    expect(valueOf(await again.snapshot())).toBe(tree);
    expect(again.branch).toBe(workspace.branch);
    expect(again.root).toBe(workspace.root);
    await again.dispose();
    expect(codeOf(await place.workspaces.open('r1', workspace.origin))).toBe('repo.missing');
  });
});
