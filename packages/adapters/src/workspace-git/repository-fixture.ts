import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import type { Result } from '@chancery/kernel/refusal';
import type { Workspace, Workspaces } from '@chancery/runtime/workspace';
import { gitWorkspaces } from './workspaces.ts';

const person = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org'];

/** Runs git as a person would, with no configuration but the repository's own. */
export function runGit(folder: string, ...args: readonly string[]): string {
  const env = {
    PATH: process.env['PATH'],
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
  };
  const settings = [...person, '-c', 'init.defaultBranch=main', '-c', 'protocol.file.allow=always'];
  const command = ['-C', folder, ...settings, ...args];
  return execFileSync('git', command, { env, stdio: ['ignore', 'pipe', 'pipe'] }).toString();
}

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is gone when the tests of the file have ended. */
export function newFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'chancery-test-')));
  folders.push(folder);
  return folder;
}

export function writeTo(root: string, path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

export interface Ground {
  readonly folder: string;
  readonly repository: string;
  readonly home: string;
  readonly workspaces: Workspaces;
}

/** A repository of a person, with one commit of the files, and a home for worktrees. */
export function newGround(files: Readonly<Record<string, string>>, format = 'sha1'): Ground {
  const folder = newFolder();
  const repository = join(folder, 'repository');
  const home = join(folder, 'home');
  mkdirSync(repository);
  runGit(repository, 'init', '-q', `--object-format=${format}`);
  for (const [path, content] of Object.entries(files)) writeTo(repository, path, content);
  runGit(repository, 'add', '-A', '-f');
  runGit(repository, 'commit', '-q', '-m', 'first');
  return { folder, repository, home, workspaces: gitWorkspaces({ home }) };
}

export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.refusal.code}: ${result.refusal.message}`);
  return result.value;
}

export function codeOf(result: Result<unknown>): string {
  return result.ok ? 'done' : result.refusal.code;
}

export async function newWorkspace(ground: Ground, run = 'r1'): Promise<Workspace> {
  const request = { run, repository: ground.repository, allowDirty: false };
  return valueOf(await ground.workspaces.create(request));
}

let peer: string | undefined;

function peerRepository(): string {
  if (peer !== undefined) return peer;
  peer = newFolder();
  runGit(peer, 'init', '-q', '--bare', '--object-format=sha256');
  writeTo(peer, 'info/attributes', '* -text -filter -ident -working-tree-encoding\n');
  runGit(peer, 'config', 'core.protectNTFS', 'false');
  runGit(peer, 'config', 'core.protectHFS', 'false');
  return peer;
}

/** Tree id that git itself gives the files, ignored ones included, in a repository of its own. */
export function independentTree(root: string): string {
  const gitDir = `--git-dir=${peerRepository()}`;
  rmSync(join(peerRepository(), 'index'), { force: true });
  runGit(root, gitDir, `--work-tree=${root}`, 'add', '-A', '-f');
  return runGit(root, gitDir, 'write-tree').trim();
}
