import { randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, lstatSync, rmSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { done, refused, type Refused, type Result } from '@chancery/kernel/refusal';
import { addToIndex, arrivalOf, type Arrival } from './arrival.ts';
import {
  answeredInRepository,
  git,
  GitError,
  gitLine,
  hasMoved,
  tryGit,
  type GitPlace,
} from './git.ts';
import { prepareMove, type Move } from './head-move.ts';
import type { OriginObjects } from './origin-objects.ts';
import { writeCommit } from './run-commit.ts';
import { folderName } from './snapshot-store.ts';
import { headCommit, unfinishedWork } from './head.ts';
import type { UserRepository } from './user-repository.ts';

export interface Application {
  readonly repository: UserRepository;
  readonly origin: OriginObjects;
  /** Commit to bring into the checkout. */
  readonly commit: string;
  /** Folder of ours for drafts. */
  readonly scratch: string;
}

const attempts = 10;

/**
 * Brings a commit into the user's checkout: fast-forward, or a merge without conflict. HEAD is locked
 * meanwhile, and everything is tried on a copy of the index first. Refuses `repo.conflict`,
 * `repo.dirty`, `repo.no-commits`, and `repo.busy` where another git is at work; then nothing has
 * changed. Answers the commit that is checked out after.
 */
export function applyCommit(application: Application): Promise<Result<string>> {
  return answeredInRepository(async () => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await bringIn(application);
      } catch (error) {
        // Another result was brought in meanwhile: this one comes on top of it.
        if (!hasMoved(error) || attempt === attempts) throw error;
      }
    }
  });
}

async function bringIn(application: Application): Promise<Result<string>> {
  const { repository, origin, commit, scratch } = application;
  const at = await headCommit(repository);
  if (!at.ok) return at;
  const head = at.value;
  // There from the first write in the checkout until HEAD has moved.
  const mark = join(scratch, `${folderName(repository.root)}.apply-${commit}`);
  if (await isAncestor(origin, commit, head)) {
    await rm(mark, { force: true });
    return done(head);
  }
  const busy = await unfinishedWork(repository);
  if (busy !== undefined) return busy;
  const target = (await isAncestor(origin, head, commit))
    ? done(commit)
    : await merge(application, head);
  if (!target.ok) return target;
  const move: Move = { head, target: target.value };
  const prepared = await prepareMove(repository.place, move);
  try {
    const wasCutOff = existsSync(mark);
    let arrival = nothingThere;
    let blocked = await obstacle(application, move, arrival);
    if (blocked !== undefined) {
      arrival = await arrivalOf({ place: repository.place, move, scratch, wasCutOff });
      blocked = await obstacle(application, move, arrival);
    }
    if (blocked !== undefined) return blocked;
    await writeFile(mark, '', { flush: true });
    await checkOut(repository.place, move, arrival);
    await prepared.commit();
    await rm(mark);
    return target;
  } finally {
    await prepared.end();
  }
}

async function isAncestor(origin: OriginObjects, older: string, newer: string): Promise<boolean> {
  // Nothing of the older one's history is missing in the newer one's.
  return (await gitLine(origin.reading, 'rev-list', '-1', older, `^${newer}`)) === '';
}

async function merge({ origin, commit }: Application, head: string): Promise<Result<string>> {
  const args = ['merge-tree', '--write-tree', '--name-only', '--no-messages', '-z', head, commit];
  // First where only we see it: a conflict leaves nothing in the user's repository.
  const trial = await tryGit(origin.reading, { args });
  const [tree = '', ...conflicts] = trial.stdout.toString().split('\0');
  if (trial.exitCode === 1) {
    const paths = conflicts.filter((path) => path !== '');
    return refused('repo.conflict', `the branches changed the same lines: ${listed(paths)}`);
  }
  if (trial.exitCode !== 0) throw new GitError(args, trial);
  await git(origin.writing, { args });
  const message = `Merge the result of a Chancery run (${commit.slice(0, 12)})\n`;
  return done(await writeCommit(origin, { tree, parents: [head, commit], message }));
}

const nothingThere: Arrival = { whole: new Map(), begun: new Map() };

async function obstacle(
  application: Application,
  move: Move,
  arrival: Arrival,
): Promise<Refused | undefined> {
  const inTheWay = await blockedByFiles(application, move, arrival);
  return inTheWay ?? (await rehearse(application, move, arrival));
}

/**
 * Refuses when a file that is new in the target stands there unrecorded, ignored ones included, unless
 * it has come from there.
 */
async function blockedByFiles(
  { repository }: Application,
  { head, target }: Move,
  { whole, begun }: Arrival,
): Promise<Refused | undefined> {
  const diff = ['diff-tree', '-r', '-z', '--no-renames', '--name-only', '--diff-filter=A'];
  const added = paths(await git(repository.place, { args: [...diff, head, target] }));
  const there = added.filter((path) => {
    try {
      return lstatSync(join(repository.root, path), { throwIfNoEntry: false }) !== undefined;
    } catch {
      // A part of the path is a file, which git itself looks at.
      return false;
    }
  });
  if (there.length === 0) return undefined;
  const staged = new Set(paths(await git(repository.place, { args: ['ls-files', '-z'] })));
  const lost = there.filter((path) => !staged.has(path) && !whole.has(path) && !begun.has(path));
  return lost.length === 0 ? undefined : overlap(listed(lost));
}

/** Tries the checkout without doing it, on a copy of the index. */
async function rehearse(
  { repository, scratch }: Application,
  move: Move,
  { whole, begun }: Arrival,
): Promise<Refused | undefined> {
  const index = await gitLine(
    repository.place,
    'rev-parse',
    '--path-format=absolute',
    '--git-path',
    'index',
  );
  if (existsSync(`${index}.lock`)) return refused('repo.busy', `another git keeps ${index}.lock`);
  const draft = join(scratch, `index-${randomUUID()}`);
  if (existsSync(index)) copyFileSync(index, draft);
  const place = { ...repository.place, env: { ...repository.place.env, GIT_INDEX_FILE: draft } };
  try {
    await addToIndex(place, [...whole.values(), ...begun.values()]);
    await tryGit(place, { args: ['update-index', '-q', '--refresh'] });
    const trial = await tryGit(place, {
      args: ['read-tree', '-n', '-m', '-u', move.head, move.target],
    });
    return trial.exitCode === 0 ? undefined : overlap(trial.stderr.trim());
  } finally {
    rmSync(draft, { force: true });
  }
}

async function checkOut(
  place: GitPlace,
  { head, target }: Move,
  { whole, begun }: Arrival,
): Promise<void> {
  await addToIndex(place, whole.values());
  for (const path of begun.keys()) rmSync(join(place.cwd, path));
  await tryGit(place, { args: ['update-index', '-q', '--refresh'] });
  await git(place, { args: ['read-tree', '-m', '-u', head, target] });
}

function overlap(what: string): Refused {
  return refused('repo.dirty', `the checkout has changes in the files of the result: ${what}`, {
    remedy: 'Commit, stash or move your changes in these files, then apply again.',
  });
}

function paths(listing: Buffer): string[] {
  return listing
    .toString()
    .split('\0')
    .filter((path) => path !== '');
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => JSON.stringify(name));
  return names.length > 5 ? `${shown.join(', ')} and ${names.length - 5} more` : shown.join(', ');
}
