import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { homeIn, type Home } from '../../apps/cli/src/home.ts';

/** A place of its own for one test: a home of Chancery and the repository of a person. */
export interface Ground {
  readonly folder: string;
  readonly home: Home;
  readonly repository: string;
}

/** An empty repository without a commit, and a home that is not made yet. */
export function makeGround(): Ground {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'chancery-test-')));
  const repository = join(folder, 'repository');
  mkdirSync(repository);
  git(repository, 'init', '--quiet');
  return { folder, home: homeIn(join(folder, 'home')), repository };
}

export function dropGround({ folder }: Ground): void {
  rmSync(folder, { recursive: true, force: true });
}

export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** Commits all that is there, ignored or not. */
export function commitAll(repository: string): string {
  git(repository, 'add', '--all', '--force');
  git(repository, 'commit', '--quiet', '--message', 'as it is');
  return git(repository, 'rev-parse', 'HEAD').trimEnd();
}

const settings = ['user.name=Ada', 'user.email=ada@localhost', 'init.defaultBranch=main'];

/** Runs git as a person would who has configured nothing. */
export function git(folder: string, ...args: readonly string[]): string {
  const set = settings.flatMap((setting) => ['-c', setting]);
  return execFileSync('git', ['-C', folder, ...set, ...args], {
    env: { PATH: process.env['PATH'], GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  }).toString();
}
