import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function ground(files: Readonly<Record<string, string>> = { a: '1' }): Ground {
  const made = newGround(files);
  folders.push(made.folder);
  return made;
}

function folder(): string {
  const made = newFolder();
  folders.push(made);
  return made;
}

/** Plants programs in every place of a git configuration that names some. */
function poison(gitDir: string, mark: string): void {
  const program = join(gitDir, 'poison');
  writeFileSync(program, `#!/bin/sh\necho ran >> ${mark}\ncat\n`, { mode: 0o755 });
  const settings = [
    `[core]\n\tfsmonitor = ${program}\n\thooksPath = ${gitDir}/poisoned\n\tsshCommand = ${program}`,
    `[filter "poison"]\n\tclean = ${program}\n\tsmudge = ${program}\n\tprocess = ${program}\n\trequired = true`,
    `[filter "odd = name"]\n\tclean = ${program}\n\tsmudge = ${program}`,
    `[diff]\n\texternal = ${program}\n[diff "poison"]\n\ttextconv = ${program}\n\tcommand = ${program}`,
    `[merge "poison"]\n\tdriver = ${program}\n[pager]\n\tdiff = ${program}\n[gpg]\n\tprogram = ${program}`,
    `[commit]\n\tgpgSign = true\n[alias]\n\tstatus = !${program}\n[credential]\n\thelper = !${program}`,
  ];
  writeFileSync(join(gitDir, 'config'), `${settings.join('\n')}\n`, { flag: 'a' });
  mkdirSync(join(gitDir, 'poisoned'));
  for (const hook of [
    'post-checkout',
    'post-commit',
    'post-index-change',
    'reference-transaction',
    'post-merge',
  ]) {
    for (const place of ['poisoned', 'hooks']) {
      mkdirSync(join(gitDir, place), { recursive: true });
      writeFileSync(join(gitDir, place, hook), `#!/bin/sh\necho hook >> ${mark}\n`, {
        mode: 0o755,
      });
    }
  }
}

describe('creating a workspace', () => {
  it('starts from the last commit, on a branch of its own', async () => {
    const place = ground();
    const workspace = await newWorkspace(place);
    expect(workspace.origin).toEqual({
      repository: place.repository,
      baseCommit: runGit(place.repository, 'rev-parse', 'HEAD').trim(),
      baseBranch: 'main',
    });
    expect(workspace.root).toBe(join(place.home, 'worktrees', 'r1'));
    expect(runGit(workspace.root, 'status', '--porcelain=v2', '--branch')).toContain(
      '# branch.head chancery/r1',
    );
    expect(runGit(workspace.root, 'status', '--porcelain')).toBe('');
  });

  it('takes a folder inside the repository for the repository', async () => {
    const place = ground({ 'sub/file': '1' });
    const repository = join(place.repository, 'sub');
    const request = { run: 'r1', repository, allowDirty: false };
    const workspace = valueOf(await place.workspaces.create(request));
    expect(workspace.origin.repository).toBe(place.repository);
  });

  it.each([
    ['a folder that is missing', 'repo.missing', (): string => join(folder(), 'nothing')],
    [
      'a file',
      'repo.missing',
      (): string => {
        const place = join(folder(), 'file');
        writeFileSync(place, '');
        return place;
      },
    ],
    ['a folder without git', 'repo.not-git', (): string => folder()],
    [
      'a bare repository',
      'repo.not-git',
      (): string => {
        const place = folder();
        runGit(place, 'init', '-q', '--bare');
        return place;
      },
    ],
    [
      'a repository without commits',
      'repo.no-commits',
      (): string => {
        const place = folder();
        runGit(place, 'init', '-q');
        return place;
      },
    ],
    [
      'a changed file',
      'repo.dirty',
      (): string => {
        const { repository } = ground();
        writeTo(repository, 'a', 'changed');
        return repository;
      },
    ],
    [
      'a file that is not recorded',
      'repo.dirty',
      (): string => {
        const { repository } = ground();
        writeTo(repository, 'new', '1');
        return repository;
      },
    ],
    [
      'a nested repository',
      'repo.nested',
      (): string => {
        const { repository } = ground();
        mkdirSync(join(repository, 'inner'));
        runGit(join(repository, 'inner'), 'init', '-q');
        return repository;
      },
    ],
    [
      'a nested repository among recorded files',
      'repo.nested',
      (): string => {
        const { repository } = ground({ 'inner/file': '1' });
        runGit(join(repository, 'inner'), 'init', '-q');
        return repository;
      },
    ],
    [
      'a submodule',
      'repo.nested',
      (): string => {
        const { repository } = ground();
        runGit(repository, 'submodule', 'add', '-q', ground().repository, 'module');
        runGit(repository, 'commit', '-q', '-m', 'module');
        return repository;
      },
    ],
    [
      'a name that is not UTF-8',
      'workspace.unsupported',
      (): string => {
        const { repository } = ground();
        writeFileSync(Buffer.concat([Buffer.from(`${repository}/n`), Buffer.of(0xe9)]), '1');
        runGit(repository, 'add', '-A');
        runGit(repository, 'commit', '-q', '-m', 'name');
        return repository;
      },
    ],
    [
      'a commit whose objects are not all there',
      'repo.unreadable',
      (): string => {
        const { repository } = ground();
        const id = runGit(repository, 'rev-parse', 'HEAD:a').trim();
        rmSync(join(repository, '.git/objects', id.slice(0, 2), id.slice(2)));
        return repository;
      },
    ],
    [
      'a repository of a kind that git does not know',
      'repo.unreadable',
      (): string => {
        const { repository } = ground();
        runGit(repository, 'config', 'core.repositoryFormatVersion', '99');
        return repository;
      },
    ],
    [
      'a repository whose .git git does not take for one',
      'repo.unreadable',
      (): string => {
        const { repository } = ground();
        writeTo(repository, '.git/HEAD', 'nowhere\n');
        return repository;
      },
    ],
    [
      'a repository that is at a commit which is not there',
      'repo.unreadable',
      (): string => {
        const { repository } = ground();
        writeTo(repository, '.git/refs/heads/main', `${'1'.repeat(40)}\n`);
        return repository;
      },
    ],
    [
      'a repository whose checkout is the folder around it',
      'repo.unreadable',
      (): string => {
        const { repository } = ground();
        runGit(repository, 'config', 'core.worktree', '../..');
        return repository;
      },
    ],
    [
      'a repository whose checkout is elsewhere',
      'repo.not-git',
      (): string => {
        const { repository } = ground();
        runGit(repository, 'config', 'core.worktree', folder());
        return repository;
      },
    ],
  ])('refuses %s', async (_what, code, make) => {
    const repository = make();
    const home = folder();
    const answer = await gitWorkspaces({ home }).create({
      run: 'r1',
      repository,
      allowDirty: false,
    });
    expect(codeOf(answer)).toBe(code);
    expect(existsSync(join(home, 'worktrees', 'r1'))).toBe(false);
    if (existsSync(join(repository, '.git/refs'))) {
      expect(existsSync(join(repository, '.git/refs/heads/chancery'))).toBe(false);
      expect(existsSync(join(repository, '.git/worktrees'))).toBe(false);
    }
  });

  it.each([
    ['an extension', 'extensions.unheardOf', 'Upgrade git to a version that'],
    ['a checkout elsewhere', 'core.worktree', 'Make a checkout of it, `git clone '],
  ])('says what can be done where a repository has %s', async (_what, key, remedy) => {
    const { repository, workspaces } = ground();
    runGit(repository, 'config', 'core.repositoryFormatVersion', '1');
    runGit(repository, 'config', key, folder());
    const request = { run: 'r1', repository, allowDirty: false };
    expect(await workspaces.create(request)).toMatchObject({
      ok: false,
      refusal: { remedy: expect.stringContaining(remedy) as string },
    });
  });

  it('waits for nobody who keeps a lock of its branch, and leaves nothing', async () => {
    const { repository, home, workspaces } = ground();
    writeTo(repository, '.git/refs/heads/chancery/r1.lock', '');
    const request = { run: 'r1', repository, allowDirty: false };
    expect(codeOf(await workspaces.create(request))).toBe('repo.busy');
    expect(runGit(repository, 'branch', '--list')).toBe('* main\n');
    expect(existsSync(join(home, 'worktrees', 'r1'))).toBe(false);
    rmSync(join(repository, '.git/refs/heads/chancery/r1.lock'));
    expect(codeOf(await workspaces.create(request))).toBe('done');
  });

  it('refuses a branch that has the name below which those of runs lie, until it has another', async () => {
    const place = ground();
    runGit(place.repository, 'branch', 'chancery');
    const refs = runGit(place.repository, 'for-each-ref');
    const request = { run: 'r1', repository: place.repository, allowDirty: false };
    const answer = await place.workspaces.create(request);
    expect(answer).toMatchObject({ refusal: { code: 'repo.conflict' } });
    expect(existsSync(place.home)).toBe(false);
    expect(runGit(place.repository, 'for-each-ref')).toBe(refs);
    const remedy = answer.ok ? '' : answer.refusal.remedy;
    const words = /`git (branch -m chancery OTHER)`/.exec(remedy)?.[1] ?? '';
    runGit(place.repository, ...words.split(' '));
    expect((await newWorkspace(place)).branch).toBe('chancery/r1');
  });

  it('starts from the last commit although there are changes, when that is allowed', async () => {
    const place = ground();
    writeTo(place.repository, 'a', 'changed');
    const request = { run: 'r1', repository: place.repository, allowDirty: true };
    const workspace = valueOf(await place.workspaces.create(request));
    expect(readFileSync(join(workspace.root, 'a'), 'utf8')).toBe('1');
  });

  it('clears what an interrupted one left', async () => {
    const place = ground();
    const root = join(place.home, 'worktrees', 'r1');
    mkdirSync(join(place.home, 'worktrees'), { recursive: true });
    runGit(place.repository, 'worktree', 'add', '-q', '--no-checkout', '-b', 'chancery/r1', root);
    writeTo(root, 'half', 'made');
    const origin = {
      repository: place.repository,
      baseCommit: runGit(place.repository, 'rev-parse', 'HEAD').trim(),
      baseBranch: 'main',
    };
    expect(codeOf(await place.workspaces.open('r1', origin))).toBe('repo.missing');
    const workspace = await newWorkspace(place);
    expect(workspace.origin).toEqual(origin);
    expect(runGit(workspace.root, 'status', '--porcelain')).toBe('');
  });

  it('leaves trees that can be written out after the worktree is gone', async () => {
    const place = ground({ a: '1', 'b/c': '2' });
    const workspace = await newWorkspace(place);
    const tree = valueOf(await workspace.snapshot());
    await workspace.dispose();
    const target = join(folder(), 'out');
    const { workspaces, home } = place;
    expect(codeOf(await workspaces.checkOut(workspace.origin, tree, target))).toBe('done');
    expect(independentTree(target)).toBe(tree);
    const elsewhere = gitWorkspaces({ home: join(home, 'other') });
    expect(codeOf(await elsewhere.checkOut(workspace.origin, tree, target))).toBe('repo.missing');
  });

  it('keeps the runs of one repository apart', async () => {
    const place = ground();
    const first = await newWorkspace(place, 'first');
    const second = await newWorkspace(place, 'second');
    writeTo(first.root, 'b', '1');
    const [one, two] = await Promise.all([first.snapshot(), second.snapshot()]);
    expect(await second.changes(valueOf(two), valueOf(one))).toEqual([
      { path: 'b', change: 'added' },
    ]);
  });
});

describe('a repository that has changed under a run', () => {
  const rootTree = ({ repository }: Ground): string => {
    const id = runGit(repository, 'rev-parse', 'HEAD^{tree}').trim();
    return join(repository, '.git/objects', id.slice(0, 2), id.slice(2));
  };

  it('and was made anew at its place is told of wherever its commits are needed', async () => {
    const place = ground();
    const { origin } = await newWorkspace(place);
    const commit = origin.baseCommit;
    expect(codeOf(await place.workspaces.open('r1', origin))).toBe('done');
    rmSync(place.repository, { recursive: true });
    mkdirSync(place.repository);
    runGit(place.repository, 'init', '-q');
    runGit(place.repository, 'commit', '-q', '--allow-empty', '-m', 'another');
    const again = { run: 'r2', repository: place.repository, allowDirty: false };
    const answers = [
      await place.workspaces.open('r1', origin),
      await place.workspaces.create({ ...again, from: { commit, tree: '0'.repeat(64) } }),
      await place.workspaces.apply(origin, commit),
    ];
    const message = `the repository at ${place.repository} is not that of the run: commit ${commit} is not in it`;
    expect(answers).toMatchObject(
      answers.map(() => ({ ok: false, refusal: { code: 'repo.missing', message } })),
    );
    expect(runGit(place.repository, 'for-each-ref', '--format=%(refname)')).toBe(
      'refs/heads/main\n',
    );
  });

  it.each([
    ['has lost objects', 'repo.unreadable', (place: Ground) => rmSync(rootTree(place))],
    [
      'is at work on the branch of the run',
      'repo.busy',
      ({ repository }: Ground) => writeTo(repository, '.git/refs/heads/chancery/r1.lock', ''),
    ],
    [
      'has a branch in the place of that of the run',
      'repo.conflict',
      ({ repository }: Ground): void => {
        runGit(repository, 'update-ref', '-d', 'refs/heads/chancery/r1');
        runGit(repository, 'branch', 'chancery');
      },
    ],
  ])('and %s refuses the result', async (_what, code, disturb) => {
    const place = ground();
    const workspace = await newWorkspace(place);
    writeTo(workspace.root, 'b', '2');
    const tree = valueOf(await workspace.snapshot());
    disturb(place);
    await expect(workspace.commit(tree, 'x')).rejects.toMatchObject({ refusal: { code } });
  });
});

describe('a poisoned repository', () => {
  it('starts no program, from creation to application', async () => {
    const place = ground({
      '.gitattributes': '* filter=poison diff=poison merge=poison\n',
      a: '1\n',
    });
    const mark = join(place.folder, 'mark');
    poison(join(place.repository, '.git'), mark);
    const workspace = await newWorkspace(place);
    const before = valueOf(await workspace.snapshot());
    writeTo(workspace.root, '.gitattributes', '* filter=poison filter="odd = name" diff=poison\n');
    writeTo(workspace.root, 'b', '2\n');
    // As if something had got past the sandbox: the link of the worktree leads to a git folder of its own.
    const own = join(place.folder, 'own');
    mkdirSync(own);
    runGit(own, 'init', '-q');
    poison(join(own, '.git'), mark);
    writeFileSync(join(workspace.root, '.git'), `gitdir: ${own}/.git\n`);
    const after = valueOf(await workspace.snapshot());
    expect(await workspace.changes(before, after)).toHaveLength(2);
    expect(await workspace.diff(before, after)).toContain('+2');
    await workspace.restore(before);
    await workspace.restore(after);
    const commit = await workspace.commit(after, 'x');
    expect(valueOf(await place.workspaces.apply(workspace.origin, commit))).toBe(commit);
    await workspace.dispose();
    expect(readFileSync(join(place.repository, 'b'), 'utf8')).toBe('2\n');
    expect(existsSync(mark)).toBe(false);
  });
});

describe('the files that a killed process left', () => {
  const branches = ({ repository }: Ground): string => runGit(repository, 'branch', '--list');
  const worktrees = ({ repository }: Ground): string => runGit(repository, 'worktree', 'list');

  it('are told of and can be discarded, with the branch that nothing was committed on', async () => {
    const place = ground();
    const before = [branches(place), worktrees(place)];
    await newWorkspace(place, 'r1');
    const workspaces = gitWorkspaces({ home: place.home });
    expect(await workspaces.present()).toEqual(['r1']);
    await workspaces.discard('r1');
    expect(await workspaces.present()).toEqual([]);
    expect([branches(place), worktrees(place)]).toEqual(before);
  });

  it('can be discarded when they never became whole, or the repository is gone', async () => {
    const place = ground();
    const half = await newWorkspace(place, 'half');
    rmSync(join(place.home, 'worktrees', '.half', 'made'));
    rmSync(join(half.root, 'a'));
    await newWorkspace(place, 'orphan');
    const workspaces = gitWorkspaces({ home: place.home });
    await workspaces.discard('half');
    rmSync(place.repository, { recursive: true });
    await workspaces.discard('orphan');
    expect(await workspaces.present()).toEqual([]);
  });

  it('stay where the repository does not let go of their branch, until it does', async () => {
    const place = ground();
    const before = branches(place);
    const workspace = await newWorkspace(place, 'r1');
    const workspaces = gitWorkspaces({ home: place.home });
    const lock = join(place.repository, '.git/refs/heads/chancery/r1.lock');
    writeFileSync(lock, '');
    const busy = { refusal: { code: 'repo.busy' } };
    await expect(workspace.dispose()).rejects.toMatchObject(busy);
    await expect(workspaces.discard('r1')).rejects.toMatchObject(busy);
    expect(await workspaces.present()).toEqual(['r1']);
    rmSync(lock);
    await workspaces.discard('r1');
    expect([await workspaces.present(), branches(place)]).toEqual([[], before]);
  });

  it('keep their branch when something was committed on it', async () => {
    const place = ground();
    const workspace = await newWorkspace(place, 'r1');
    writeTo(workspace.root, 'a', '2');
    await workspace.commit(valueOf(await workspace.snapshot()), 'work');
    await gitWorkspaces({ home: place.home }).discard('r1');
    expect(branches(place)).toContain('chancery/r1');
  });
});
