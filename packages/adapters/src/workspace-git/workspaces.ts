import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { done, Fault, refused, type Refused, type Result } from '@chancery/kernel/refusal';
import type {
  ChangedPath,
  TreeDigest,
  Workspace,
  WorkspaceOrigin,
  WorkspaceRequest,
  Workspaces,
} from '@chancery/runtime/workspace';
import { apartFrom } from './apart.ts';
import { applyCommit } from './apply.ts';
import { importBase } from './base-import.ts';
import { checkOutTree } from './checkout.ts';
import { answeredInRepository, inRepository } from './git.ts';
import { headBranch, headCommit } from './head.ts';
import { listTree } from './object-reader.ts';
import { hasCommit, openOriginObjects, type OriginObjects } from './origin-objects.ts';
import { removeAll } from './removal.ts';
import type { Repositories } from './run-commit.ts';
import { folderName, openSnapshotStore, type SnapshotStore } from './snapshot-store.ts';
import { prepareTracking } from './tracking.ts';
import { changesBetween, diffBetween } from './tree-diff.ts';
import {
  branchProblem,
  checkoutChanges,
  checkRunId,
  nestedInCommit,
  openRecordedRepository,
  openUserRepository,
  type UserRepository,
} from './user-repository.ts';
import { clockFile, GitWorkspace, removeWorkspace, type RunPlaces } from './workspace.ts';
import { addWorktree, resetWorktreeIndex } from './worktree.ts';

export interface GitWorkspacesOptions {
  /** Absolute path of a folder of ours: worktrees and snapshots lie in it. Made when absent. */
  readonly home: string;
}

/** Workspaces on git repositories of the user. */
export function gitWorkspaces(options: GitWorkspacesOptions): Workspaces {
  return new GitWorkspaces(options.home);
}

/** What is left of `create` once it is whole. */
const marker = (places: RunPlaces): string => join(places.state, 'made');

/** Where a run started from, written before anything else of it. */
const originFile = (places: RunPlaces): string => join(places.state, 'origin.json');

interface Base {
  readonly from: WorkspaceOrigin;
  readonly tree: TreeDigest;
  /** Recorded files to begin with; undefined: those of the commit. */
  readonly files?: TreeDigest | undefined;
}

class GitWorkspaces implements Workspaces {
  private readonly home: string;
  /** One for each repository, so that runs in one process share what they know of it. */
  private readonly stores = new Map<string, Promise<SnapshotStore>>();

  constructor(home: string) {
    this.home = home;
  }

  async rootOf(folder: string, recorded?: 'recorded'): Promise<Result<string>> {
    const opened = await this.opened(folder, recorded === undefined ? 'named' : 'recorded');
    return opened.ok ? done(opened.value.root) : opened;
  }

  private async opened(
    folder: string,
    origin: 'named' | 'recorded',
  ): Promise<Result<UserRepository>> {
    const open = origin === 'named' ? openUserRepository : openRecordedRepository;
    const found = await open(folder);
    return found.ok ? apartFrom(found.value, this.home) : found;
  }

  async create(request: WorkspaceRequest): Promise<Result<Workspace>> {
    checkRunId(request.run);
    const origin = request.from === undefined ? 'named' : 'recorded';
    const opened = await this.opened(request.repository, origin);
    if (!opened.ok) return opened;
    const repository = opened.value;
    const named = await branchProblem(repository);
    if (named !== undefined) return named;
    const based = await baseOf(repository, request);
    if (!based.ok) return based;
    const { commit, baseBranch } = based.value;
    const repositories = await this.repositoriesOf(repository);
    const another = request.from && (await madeAnew(repositories.origin, repository, commit));
    if (another !== undefined) return another;
    const tree = await importBase(repositories.store, repositories.origin, commit);
    if (!tree.ok) return tree;
    const from: WorkspaceOrigin = {
      repository: repository.root,
      baseCommit: commit,
      baseBranch,
    };
    const places = this.placesOf(request.run);
    const parts = { run: request.run, repository, places, ...repositories };
    const base = { from, tree: tree.value, files: request.from?.tree };
    return answeredInRepository(async () => {
      await clearLeftovers(repository, request.run, { places, commit });
      return done(await this.make(parts, base));
    });
  }

  async open(run: string, origin: WorkspaceOrigin): Promise<Result<Workspace>> {
    checkRunId(run);
    const places = this.placesOf(run);
    const opened = await this.opened(origin.repository, 'recorded');
    if (!opened.ok) return opened;
    if (!existsSync(places.root) || !existsSync(marker(places))) {
      return refused('repo.missing', `the worktree of run ${run} is gone or was never whole`, {
        remedy: `Go on from what is recorded with \`chancery branch ${run} TASK\`, or end the run with \`chancery cancel ${run}\`.`,
      });
    }
    const repositories = await this.repositoriesOf(opened.value);
    const otherwise = `; \`chancery cancel ${run}\` ends the run`;
    const { baseCommit } = origin;
    const another = await madeAnew(repositories.origin, opened.value, baseCommit, otherwise);
    if (another !== undefined) return another;
    const tree = await importBase(repositories.store, repositories.origin, baseCommit);
    if (!tree.ok) return tree;
    const parts = { run, repository: opened.value, places, ...repositories };
    return done(await workspaceOf(parts, { from: origin, tree: tree.value }));
  }

  async apply(origin: WorkspaceOrigin, commit: string): Promise<Result<string>> {
    const otherwise = `, or bring the result in where it is now: \`git merge ${commit}\``;
    const opened = await openRecordedRepository(origin.repository, otherwise);
    if (!opened.ok) return opened;
    const repositories = await this.repositoriesOf(opened.value);
    const another = await madeAnew(repositories.origin, opened.value, commit);
    if (another !== undefined) return another;
    return applyCommit({
      repository: opened.value,
      origin: repositories.origin,
      commit,
      scratch: join(this.home, 'snapshots'),
    });
  }

  async checkOut(
    { repository }: WorkspaceOrigin,
    tree: TreeDigest,
    folder: string,
  ): Promise<Result<null>> {
    const store = await this.recorded(repository);
    if (!store.ok) return store;
    const trash = join(this.home, 'snapshots');
    await checkOutTree(store.value, tree, { root: folder, trash });
    return done(null);
  }

  async compare(
    repository: string,
    from: TreeDigest,
    to: TreeDigest,
  ): Promise<Result<{ readonly changes: readonly ChangedPath[]; readonly diff: string }>> {
    const store = await this.recorded(repository);
    if (!store.ok) return store;
    const { place } = store.value;
    const changes = await changesBetween(place, from, to);
    return done({ changes, diff: await diffBetween(place, { from, to, under: [] }) });
  }

  /** The snapshots of a repository, which need not be there any more itself. */
  private async recorded(repository: string): Promise<Result<SnapshotStore>> {
    const snapshots = join(this.home, 'snapshots', folderName(repository));
    if (!existsSync(snapshots)) {
      return refused('repo.missing', `there are no snapshots of ${repository}`, {
        remedy: `Restore ${snapshots} from a copy, or import an export that was made --with-workspaces.`,
      });
    }
    return done(await openSnapshotStore(snapshots));
  }

  async present(): Promise<readonly string[]> {
    const folder = join(this.home, 'worktrees');
    if (!existsSync(folder)) return [];
    const names = await readdir(folder);
    return names.filter((name) => name.startsWith('.')).map((name) => name.slice(1));
  }

  async discard(run: string): Promise<void> {
    checkRunId(run);
    const places = this.placesOf(run);
    const from = await originOf(places);
    const opened = from && (await openUserRepository(from.repository));
    if (from !== undefined && opened?.ok === true) {
      const made = { places, commit: from.baseCommit };
      await inRepository(() => removeWorkspace(opened.value, run, made));
      return;
    }
    // Its repository is gone, or it was cut off before anything was made in one.
    if (existsSync(places.root)) removeAll(Buffer.from(places.root), join(places.state, 'trash'));
    await rm(places.state, { recursive: true, force: true });
  }

  private placesOf(run: string): RunPlaces {
    const worktrees = join(this.home, 'worktrees');
    return { root: join(worktrees, run), state: join(worktrees, `.${run}`) };
  }

  private async repositoriesOf(repository: UserRepository): Promise<Repositories> {
    const { commonDir, format } = repository;
    const folder = join(this.home, 'snapshots', folderName(repository.root));
    await mkdir(join(this.home, 'snapshots'), { recursive: true, mode: 0o700 });
    const opening = this.stores.get(folder) ?? openSnapshotStore(folder);
    this.stores.set(folder, opening);
    const origin = await openOriginObjects({ folder: `${folder}.origin`, commonDir, format });
    return { store: await opening, origin };
  }

  private async make(parts: NewParts, base: Base): Promise<Workspace> {
    const { run, repository, places } = parts;
    const commit = base.from.baseCommit;
    await mkdir(places.state, { recursive: true, mode: 0o700 });
    await writeFile(`${originFile(places)}.new`, JSON.stringify(base.from), { flush: true });
    await rename(`${originFile(places)}.new`, originFile(places));
    await writeFile(clockFile(places), '');
    try {
      await addWorktree(repository, { run, root: places.root, commit });
      const workspace = await workspaceOf(parts, base);
      await workspace.fill();
      await resetWorktreeIndex(repository, places.root, commit);
      if (base.files !== undefined) await workspace.restore(base.files);
      await writeFile(marker(places), '', { flush: true });
      return workspace;
    } catch (error) {
      await clearLeftovers(repository, run, { places, commit });
      throw error;
    }
  }
}

interface NewParts extends Repositories {
  readonly run: string;
  readonly repository: UserRepository;
  readonly places: RunPlaces;
}

async function workspaceOf(parts: NewParts, base: Base): Promise<GitWorkspace> {
  const { store, places } = parts;
  const entries = await listTree(store.place, base.tree, 'with-folders');
  const tracking = await prepareTracking(store, entries, join(places.state, 'ignore'));
  for (const { id } of entries) store.target.known.add(id);
  return new GitWorkspace({ ...parts, from: base.from, baseTree: base.tree, tracking });
}

/**
 * Refuses where the repository has not a commit that it had for a run: it was made anew at its place.
 * `otherwise` is what can be done where the old one does not come back.
 */
async function madeAnew(
  origin: OriginObjects,
  { root }: UserRepository,
  commit: string,
  otherwise = '',
): Promise<Refused | undefined> {
  if (await hasCommit(origin, commit)) return undefined;
  const what = `the repository at ${root} is not that of the run: commit ${commit} is not in it`;
  return refused('repo.missing', what, {
    remedy: `Put that of the run there again, or fetch the commit into this one, and say this again${otherwise}.`,
  });
}

/** The commit that a run starts from, and the branch where it is the last commit of one. */
async function baseOf(
  repository: UserRepository,
  { allowDirty, from }: WorkspaceRequest,
): Promise<Result<{ readonly commit: string; readonly baseBranch: string | null }>> {
  if (from !== undefined) return done({ commit: from.commit, baseBranch: null });
  const commit = await headCommit(repository);
  if (!commit.ok) return commit;
  const dirty = await checkoutProblem(repository, commit.value, allowDirty);
  return dirty ?? done({ commit: commit.value, baseBranch: await headBranch(repository) });
}

async function checkoutProblem(
  repository: UserRepository,
  commit: string,
  allowDirty: boolean,
): Promise<Refused | undefined> {
  const { changed, nested } = await checkoutChanges(repository);
  const [inner] = [...nested, ...(await nestedInCommit(repository, commit))];
  if (inner !== undefined) {
    return refused('repo.nested', `${JSON.stringify(inner)} is a repository of its own`);
  }
  if (allowDirty || changed.length === 0) return undefined;
  const first = JSON.stringify(changed[0]);
  const what =
    changed.length === 1
      ? `${first} has changed`
      : `${changed.length} paths have changed, the first is ${first}`;
  return refused('repo.dirty', what, {
    details: { changed: changed.length },
  });
}

/** Removes what a `create` left that never became whole. @throws {Fault} for a run that is whole. */
async function clearLeftovers(
  repository: UserRepository,
  run: string,
  { places, commit }: { readonly places: RunPlaces; readonly commit: string },
): Promise<void> {
  if (existsSync(marker(places))) throw new Fault(`run ${run} has a workspace already`);
  await removeWorkspace(repository, run, { places, commit });
}

/** Undefined when nothing was made of the run yet. */
async function originOf(places: RunPlaces): Promise<WorkspaceOrigin | undefined> {
  const file = originFile(places);
  if (!existsSync(file)) return undefined;
  return JSON.parse(await readFile(file, 'utf8')) as WorkspaceOrigin;
}
