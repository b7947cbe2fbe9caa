import { randomUUID } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { git, tryGit, type GitPlace } from './git.ts';
import type { Move } from './head-move.ts';

/** What a move brings into a checkout, and what of it is there already. */
export interface Arrival {
  /** Files that are as they are to become; each with its line for `git update-index --index-info`. */
  readonly whole: ReadonlyMap<string, string>;
  /** The same of files that hold a beginning of what they are to become, and no more. */
  readonly begun: ReadonlyMap<string, string>;
}

export interface ArrivalRequest {
  /** Git in the checkout. */
  readonly place: GitPlace;
  readonly move: Move;
  /** Folder of ours for drafts. */
  readonly scratch: string;
  /** Whether files may have been left by a move to the same result that was cut off. */
  readonly wasCutOff: boolean;
}

/**
 * Finds what a move that was cut off left behind: git writes the files one by one, and the index
 * when all are there. A file with the very content is no obstacle whoever made it; one that holds a
 * beginning of it is taken for a half only after a move to the same result had begun. Nothing of either
 * is in the place of what somebody has staged.
 */
export async function arrivalOf(request: ArrivalRequest): Promise<Arrival> {
  const { place, move, scratch, wasCutOff } = request;
  const wanted = await wantedBy(place, move);
  const draft = join(scratch, `index-${randomUUID()}`);
  const drafting = { ...place, env: { ...place.env, GIT_INDEX_FILE: draft } };
  try {
    await addToIndex(drafting, [...wanted.values()]);
    await tryGit(drafting, { args: ['update-index', '-q', '--refresh'] });
    const args = ['diff-files', '-z', '--name-only', '--no-renames', '--ignore-submodules=all'];
    const others = new Set(listed(await git(drafting, { args })));
    const begun = new Map<string, string>();
    for (const [path, line] of wasCutOff ? wanted : []) {
      if (others.has(path) && (await isBegun(place, move, path))) begun.set(path, line);
    }
    return { whole: new Map([...wanted].filter(([path]) => !others.has(path))), begun };
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Puts entries into an index, in the place of what has their names. */
export async function addToIndex(place: GitPlace, lines: Iterable<string>): Promise<void> {
  const stdin = Array.from(lines, (line) => `${line}\0`).join('');
  if (stdin === '') return;
  await git(place, { args: ['update-index', '-z', '--replace', '--index-info'], stdin });
}

/** The line of each file that is new or another after the move, and of which nothing else is staged. */
async function wantedBy(place: GitPlace, { head, target }: Move): Promise<Map<string, string>> {
  const isStaged = await stagedBeside(place, head);
  const args = ['diff-tree', '-r', '-z', '--no-renames', '--diff-filter=AMT', head, target];
  const fields = listed(await git(place, { args }));
  const wanted = new Map<string, string>();
  for (let at = 0; at + 1 < fields.length; at += 2) {
    // `:MODE MODE ID ID STATUS`, then the path.
    const [, mode = '', , id = ''] = (fields[at] ?? '').split(' ');
    const path = fields[at + 1] ?? '';
    if (!isStaged(path)) wanted.set(path, `${mode} ${id}\t${path}`);
  }
  return wanted;
}

/** Whether the index differs from the commit at a path, in the folders that lead to it, or below it. */
async function stagedBeside(place: GitPlace, head: string): Promise<(path: string) => boolean> {
  const args = ['diff-index', '--cached', '-z', '--name-only', '--no-renames', head];
  const staged = new Set(listed(await git(place, { args })));
  const above = new Set([...staged].flatMap(foldersOf));
  return (path) =>
    staged.has(path) || above.has(path) || foldersOf(path).some((folder) => staged.has(folder));
}

function foldersOf(path: string): readonly string[] {
  const names = path.split('/').slice(0, -1);
  return names.map((_, at) => names.slice(0, at + 1).join('/'));
}

async function isBegun(place: GitPlace, { target }: Move, path: string): Promise<boolean> {
  const file = join(place.cwd, path);
  if (!existsSync(file) || !lstatSync(file).isFile()) return false;
  const here = readFileSync(file);
  const args = ['cat-file', '--filters', `${target}:${path}`];
  const { stdout, dropped } = await tryGit(place, { args, outputBytes: here.length, cut: true });
  return dropped > 0 && stdout.equals(here);
}

function listed(output: Buffer): string[] {
  return output
    .toString()
    .split('\0')
    .filter((field) => field !== '');
}
