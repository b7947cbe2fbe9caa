import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf } from './file-content.ts';
import { git, GitError, tryGit } from './git.ts';
import { branchOf, type UserRepository } from './user-repository.ts';

const addAttempts = 20;

/**
 * What git says when a worktree that it came across as it listed them all is half made by another
 * process, or half removed.
 */
const passingWords = /^fatal: (Invalid path '|failed to read )/m;

/**
 * Registers an empty worktree on a new branch; checks nothing out.
 * @throws {GitError} when the branch or the folder is there, or nothing can be written.
 */
export async function addWorktree(
  repository: UserRepository,
  worktree: { readonly run: string; readonly root: string; readonly commit: string },
): Promise<void> {
  const { run, root, commit } = worktree;
  const branch = branchOf(run);
  await git(repository.place, { args: ['branch', '-q', '--no-track', branch, commit] });
  const args = ['worktree', 'add', '-q', '--no-checkout', root, branch];
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await tryGit(repository.place, { args });
    if (outcome.exitCode === 0) return;
    const passing = passingWords.test(outcome.stderr) && attempt < addAttempts;
    if (!passing) throw new GitError(args, outcome);
  }
}

/**
 * Forgets a worktree whose folder has been removed. Of git's files only its own are touched: git
 * would read those of all worktrees, and give up where another one is just being made or removed.
 */
export async function forgetWorktree(repository: UserRepository, root: string): Promise<void> {
  const gitDir = await worktreeGitDir(repository, root);
  if (gitDir === undefined) return;
  await rm(gitDir, { recursive: true });
}

/** Makes the worktree's own index that of the commit, so that `git status` there tells the truth. */
export async function resetWorktreeIndex(
  repository: UserRepository,
  root: string,
  commit: string,
): Promise<void> {
  const gitDir = await worktreeGitDir(repository, root);
  if (gitDir === undefined) return;
  const place = { ...repository.place, env: { GIT_DIR: gitDir, GIT_WORK_TREE: root } };
  await git(place, { args: ['read-tree', commit] });
}

/** Found through the repository, never through the `.git` file that lies in the worktree. */
async function worktreeGitDir(
  repository: UserRepository,
  root: string,
): Promise<string | undefined> {
  const home = join(repository.commonDir, 'worktrees');
  for (const name of (await unlessAbsent(readdir(home))) ?? []) {
    const gitDir = join(home, name);
    const link = await unlessAbsent(readFile(join(gitDir, 'gitdir'), 'utf8'));
    if (link?.trimEnd() === join(root, '.git')) return gitDir;
  }
  return undefined;
}

/** What was read; undefined where it is not there, or has just gone. */
async function unlessAbsent<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
