import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  done,
  Fault,
  refused,
  type RefusalOptions,
  type Refused,
  type Result,
} from '@chancery/kernel/refusal';
import { errnoOf } from './file-content.ts';
import { git, tryGit, type GitPlace } from './git.ts';
import type { ObjectFormat } from './object.ts';

/** The user's repository: read here, and written nowhere but through the functions of this room. */
export interface UserRepository {
  /** Absolute real path of the checkout. */
  readonly root: string;
  /** Absolute path of the git folder that all worktrees share. */
  readonly commonDir: string;
  readonly format: ObjectFormat;
  /** Runs git there with every filter of its configuration emptied. */
  readonly place: GitPlace;
}

/** Refuses `repo.missing`, `repo.not-git`, `repo.unreadable`. */
export async function openUserRepository(folder: string): Promise<Result<UserRepository>> {
  const real = realFolder(folder);
  if (!real.ok) return real;
  const place: GitPlace = { cwd: real.value, env: {}, config: {} };
  const args = [
    'rev-parse',
    '--path-format=absolute',
    '--is-inside-work-tree',
    '--show-object-format',
    '--git-dir',
    '--git-common-dir',
  ];
  const asked = await tryGit(place, { args });
  if (asked.exitCode !== 0) return notGit(folder, asked.stderr);
  const [inside, format, ...rest] = asked.stdout.toString().split('\n');
  // A path may hold line breaks; which is refused, and cannot be told apart here.
  const [gitDir = '', ...path] = rest.slice(0, -1);
  const commonDir = path.join('\n');
  if (inside !== 'true') {
    return refused('repo.not-git', `${folder} has no checkout: ${await whyNone(place)}`, {
      remedy: `Make a checkout of it, \`git clone ${quoted(real.value)} CHECKOUT\`, and name that with --repo.`,
    });
  }
  const shown = await git(place, { args: ['rev-parse', '--show-toplevel'] });
  const root = realpathSync(shown.toString().replace(/\n$/, ''));
  const problem =
    unusablePath([root, commonDir]) ?? otherThere(root, gitDir) ?? accessProblem(root, commonDir);
  if (problem !== undefined) return problem;
  const config = await emptiedFilters(place);
  return done({
    root,
    commonDir,
    format: format === 'sha256' ? 'sha256' : 'sha1',
    place: { cwd: root, env: {}, config },
  });
}

async function whyNone(place: GitPlace): Promise<string> {
  const named = await tryGit(place, { args: ['config', '--get', 'core.worktree'] });
  return named.exitCode === 0
    ? `core.worktree says that it is at ${named.stdout.toString().trimEnd()}`
    : 'it is bare, or a git folder';
}

/** A path as a shell has to be given it. */
function quoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}

/**
 * The repository that a run was recorded with: nobody names it now, so that what is there instead of it
 * is no other to take. Refuses `repo.missing`, `repo.unreadable`; `otherwise` is what can be done where
 * it does not come back.
 */
export async function openRecordedRepository(
  folder: string,
  otherwise = '',
): Promise<Result<UserRepository>> {
  const opened = await openUserRepository(folder);
  // One around its old place is another.
  const isIt = opened.ok && opened.value.root === realpathSync(folder);
  if (isIt || (!opened.ok && opened.refusal.code === 'repo.unreadable')) return opened;
  return refused('repo.missing', `the repository of the run is not at ${folder} any more`, {
    remedy: `Move it back to ${quoted(folder)} and say this again${otherwise}.`,
  });
}

function realFolder(folder: string): Result<string> {
  try {
    const real = realpathSync(folder);
    if (!statSync(real).isDirectory()) return refused('repo.missing', `${folder} is not a folder`);
    accessSync(real, constants.R_OK | constants.X_OK);
    return done(real);
  } catch (error) {
    const code = errnoOf(error);
    return code === 'ENOENT' || code === 'ENOTDIR'
      ? refused('repo.missing', `${folder} is not a folder`)
      : refused('repo.unreadable', `${folder} cannot be read (${code})`);
  }
}

function notGit(folder: string, stderr: string): Refused {
  if (!stderr.includes('not a git repository')) {
    return refused('repo.unreadable', `git cannot read ${folder}: ${stderr.trim()}`, newer(stderr));
  }
  if (!existsSync(join(folder, '.git'))) {
    return refused('repo.not-git', `${folder} is not inside a git repository`);
  }
  return refused('repo.unreadable', `git takes ${join(folder, '.git')} for no repository`, {
    remedy: 'Mend what it holds, its HEAD first, or clone the repository anew.',
  });
}

/** A repository may ask for a git that knows more than this one. */
function newer(stderr: string): RefusalOptions {
  return /unknown repository extension|Expected git repo version/.test(stderr)
    ? { remedy: 'Upgrade git to a version that knows what the repository asks for.' }
    : {};
}

/** Git's own files of worktrees and of shared objects name a path in one line. */
function unusablePath(paths: readonly string[]): Refused | undefined {
  const broken = paths.find((path) => path.includes('\n'));
  if (broken === undefined) return undefined;
  return refused('repo.unreadable', `the path ${JSON.stringify(broken)} holds a line break`, {
    remedy: 'Move the repository to a path without one.',
  });
}

/** Git is run in the checkout, and must find there the repository that was named. */
function otherThere(root: string, gitDir: string): Refused | undefined {
  const own = statSync(join(root, '.git'), { throwIfNoEntry: false });
  const there = statSync(gitDir);
  const isIt = own?.isFile() === true || (own?.dev === there.dev && own.ino === there.ino);
  if (isIt) return undefined;
  const what = `core.worktree of ${gitDir} names ${root}, where git does not find that repository`;
  return refused('repo.unreadable', what, {
    remedy:
      'Name a checkout of its own with --repo, as `git clone` and `git worktree add` make it.',
  });
}

/** A run adds a branch, objects and a worktree; a folder that takes none of them is refused early. */
function accessProblem(root: string, commonDir: string): Refused | undefined {
  const needed = [
    { path: root, mode: constants.R_OK | constants.X_OK },
    ...['.', 'objects', 'refs', 'refs/heads'].map((name) => ({
      path: join(commonDir, name),
      mode: constants.R_OK | constants.W_OK | constants.X_OK,
    })),
  ];
  for (const { path, mode } of needed) {
    try {
      accessSync(path, mode);
    } catch (error) {
      return refused('repo.unreadable', `${path} cannot be used (${errnoOf(error)})`);
    }
  }
  return undefined;
}

/** Configuration that takes the programs from every filter that the repository names. */
async function emptiedFilters(place: GitPlace): Promise<Record<string, string>> {
  const found = await tryGit(place, {
    args: ['config', '-z', '--name-only', '--get-regexp', '^filter\\..*'],
  });
  const config: Record<string, string> = {};
  for (const key of found.stdout.toString().split('\0')) {
    const name = /^filter\.(.*)\.[^.]*$/s.exec(key)?.[1];
    if (name === undefined) continue;
    for (const program of ['clean', 'smudge', 'process']) config[`filter.${name}.${program}`] = '';
    config[`filter.${name}.required`] = 'false';
  }
  return config;
}

/** Paths of the checkout that are not as in the last commit; nested repositories end with a slash. */
export async function checkoutChanges(
  repository: UserRepository,
): Promise<{ readonly changed: readonly string[]; readonly nested: readonly string[] }> {
  const { place } = repository;
  const excludes = await userExcludes(repository);
  const config = { ...place.config, ...excludes };
  const status = await git(
    { ...place, config },
    {
      args: ['status', '--porcelain=v1', '-z', '-uall', '--no-renames', '--ignore-submodules=all'],
    },
  );
  const changed = status
    .toString()
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => line.slice(3));
  return { changed, nested: changed.filter((path) => path.endsWith('/')) };
}

/** Folders of a commit that are repositories of their own in the checkout. */
export async function nestedInCommit(
  repository: UserRepository,
  commit: string,
): Promise<readonly string[]> {
  const args = ['ls-tree', '-r', '-d', '-z', '--name-only', '--full-tree', commit];
  const folders = (await git(repository.place, { args })).toString().split('\0');
  return folders.filter((path) => path !== '' && existsSync(join(repository.root, path, '.git')));
}

/** The user's own list of ignored files; a path, nothing of it is run. */
async function userExcludes(repository: UserRepository): Promise<Record<string, string>> {
  const home = process.env['HOME'] ?? '';
  const own = process.env['XDG_CONFIG_HOME'] ?? join(home, '.config');
  const asked = await tryGit(
    {
      cwd: repository.root,
      env: { HOME: home, GIT_CONFIG_GLOBAL: join(home, '.gitconfig') },
      config: {},
    },
    { args: ['config', '--global', '--path', '--get', 'core.excludesFile'] },
  );
  const named = asked.exitCode === 0 ? asked.stdout.toString().trimEnd() : '';
  return { 'core.excludesFile': named === '' ? join(own, 'git', 'ignore') : named };
}

/** Folder of the branches of runs. */
const branchFolder = 'chancery';

export const branchOf = (run: string): string => `${branchFolder}/${run}`;
const refOf = (run: string): string => `refs/heads/${branchOf(run)}`;

/** Refuses where a branch has the name of the folder of the branches of runs: git cannot have both. */
export async function branchProblem(repository: UserRepository): Promise<Refused | undefined> {
  const args = ['show-ref', '--verify', '-q', `refs/heads/${branchFolder}`];
  if ((await tryGit(repository.place, { args })).exitCode !== 0) return undefined;
  const what = `the branch ${branchFolder} has the name below which the branches of runs lie`;
  return refused('repo.conflict', what, {
    remedy: `Rename the branch, \`git branch -m ${branchFolder} OTHER\`, then say this again.`,
  });
}

/** Commit at the tip of the run's branch; undefined when the branch is gone. */
export async function branchTip(
  repository: UserRepository,
  run: string,
): Promise<string | undefined> {
  const tip = await tryGit(repository.place, { args: ['rev-parse', '--verify', '-q', refOf(run)] });
  return tip.exitCode === 0 ? tip.stdout.toString().trim() : undefined;
}

/** Moves the run's branch from `old`, undefined for a branch that is not there. */
export async function moveBranch(
  repository: UserRepository,
  run: string,
  move: { readonly old: string | undefined; readonly commit: string },
): Promise<void> {
  const absent = '0'.repeat(move.commit.length);
  await git(repository.place, {
    args: ['update-ref', '-m', 'chancery', refOf(run), move.commit, move.old ?? absent],
  });
}

export async function deleteBranch(
  repository: UserRepository,
  run: string,
  tip: string,
): Promise<void> {
  await git(repository.place, { args: ['update-ref', '-d', refOf(run), tip] });
}

/** @throws {Fault} when a run id cannot be part of a branch name and of a path. */
export function checkRunId(run: string): void {
  const plain = /^[A-Za-z0-9][A-Za-z0-9._-]{0,100}$/.test(run);
  if (!plain || run.includes('..') || run.endsWith('.') || run.endsWith('.lock')) {
    throw new Fault('a run id is not a plain name');
  }
}
