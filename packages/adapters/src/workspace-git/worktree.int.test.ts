import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { GitError } from './git.ts';
import { newGround, runGit, type Ground } from './repository-fixture.ts';
import { openUserRepository, type UserRepository } from './user-repository.ts';
import { addWorktree, forgetWorktree } from './worktree.ts';

let ground: Ground;
let repository: UserRepository;
let commit: string;

beforeEach(async () => {
  ground = newGround({ 'a.txt': 'a' });
  const opened = await openUserRepository(ground.repository);
  if (!opened.ok) throw new Error(opened.refusal.message);
  repository = opened.value;
  commit = runGit(ground.repository, 'rev-parse', 'HEAD').trim();
});

afterEach(() => {
  vi.unstubAllEnvs();
});

/** Puts a git in front that fails to add worktrees so many times before it does; answers its log. */
function stumblingGit(times: number, words: string): string {
  const folder = join(ground.folder, 'bin');
  const log = join(ground.folder, 'stumbles');
  mkdirSync(folder);
  const script = `#!/bin/sh
PATH=\${PATH#*:}
if [ "$1 $2" = 'worktree add' ] && [ "$(wc -c < '${log}')" -lt ${times} ]; then
  printf x >> '${log}'
  echo "${words}" >&2
  exit 128
fi
exec git "$@"
`;
  writeFileSync(join(folder, 'git'), script, { mode: 0o755 });
  writeFileSync(log, '');
  vi.stubEnv('PATH', `${folder}:${process.env['PATH'] ?? ''}`);
  return log;
}

const rootOf = (run: string): string => join(ground.folder, 'worktrees', run);

async function come(run: string): Promise<void> {
  await addWorktree(repository, { run, root: rootOf(run), commit });
}

async function go(run: string): Promise<void> {
  rmSync(rootOf(run), { recursive: true });
  await forgetWorktree(repository, rootOf(run));
}

const listed = (): string => runGit(ground.repository, 'worktree', 'list', '--porcelain');

it('makes and forgets worktrees while others of the repository come and go', async () => {
  const comeAndGo = async (name: string) => {
    for (let turn = 0; turn < 12; turn += 1) {
      await come(`${name}${turn}`);
      await go(`${name}${turn}`);
    }
  };
  await come('stays');
  await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map(comeAndGo));
  expect(listed().match(/^worktree .*/gm)).toEqual([
    `worktree ${ground.repository}`,
    `worktree ${rootOf('stays')}`,
  ]);
});

it.each([
  "fatal: Invalid path '/repo/.git/worktrees/b': No such file or directory",
  'fatal: failed to read .git/worktrees/b/commondir: Success',
])('asks again when git says %j of another worktree', async (words) => {
  const log = stumblingGit(3, words);
  await come('a');
  expect(readFileSync(log, 'utf8')).toBe('xxx');
  expect(listed()).toContain(`worktree ${rootOf('a')}\n`);
});

it('gives up where that does not pass', async () => {
  const log = stumblingGit(1000, "fatal: Invalid path '/repo/.git/worktrees/b'");
  await expect(come('a')).rejects.toThrow(/Invalid path/);
  expect(readFileSync(log, 'utf8')).toHaveLength(20);
});

it('does not ask again when git says anything else', async () => {
  const log = stumblingGit(1000, 'fatal: cannot mkdir /repo/.git/worktrees/a: No space left');
  await expect(come('a')).rejects.toThrow(GitError);
  expect(readFileSync(log, 'utf8')).toBe('x');
});

it('makes no worktree where one is, and on no branch that is there', async () => {
  await come('a');
  await expect(come('a')).rejects.toThrow(/already exists/);
  runGit(ground.repository, 'branch', 'chancery/b');
  await expect(come('b')).rejects.toThrow(/already exists/);
});

it('forgets nothing but the worktree of that folder, and nothing twice', async () => {
  await come('a');
  await come('b');
  await go('a');
  await forgetWorktree(repository, rootOf('a'));
  expect(listed()).toContain(`worktree ${rootOf('b')}\n`);
  expect(listed()).not.toContain(rootOf('a'));
});

it('forgets one although another is half made, over which git stumbles', async () => {
  await come('a');
  const half = join(ground.repository, '.git/worktrees/half');
  mkdirSync(half);
  writeFileSync(join(half, 'gitdir'), '/nowhere/.git\n');
  writeFileSync(join(half, 'commondir'), '');
  expect(listed).toThrow(/failed to read .*commondir/);
  await go('a');
  rmSync(half, { recursive: true });
  expect(listed().match(/^worktree .*/gm)).toEqual([`worktree ${ground.repository}`]);
});
