import { existsSync, lstatSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault, done, type Result } from '@chancery/kernel/refusal';
import type {
  ChangedPath,
  OutsidePath,
  Scratch,
  TreeDigest,
  Workspace,
  WorkspaceOrigin,
} from '@chancery/runtime/workspace';
import { checkOutTree } from './checkout.ts';
import { keeping, naming, readClock, type BlobSink } from './file-content.ts';
import { inRepository } from './git.ts';
import { filesOf, removeUnwanted, writeFiles, type WantedFile } from './materialise.ts';
import { newFolder, treeId, type FileNode, type FolderNode } from './node.ts';
import { objectId } from './object.ts';
import { listTree } from './object-reader.ts';
import { openUp, removeAll } from './removal.ts';
import { exportTree, treeOfCommit, writeCommit, type Repositories } from './run-commit.ts';
import { scan, type ScanOutcome } from './scan.ts';
import { newBatch } from './snapshot-store.ts';
import type { Tracking } from './tracking.ts';
import { changesBetween, diffBetween } from './tree-diff.ts';
import {
  branchOf,
  branchTip,
  deleteBranch,
  moveBranch,
  type UserRepository,
} from './user-repository.ts';
import { forgetWorktree, resetWorktreeIndex } from './worktree.ts';

/** Where the things of one run lie. */
export interface RunPlaces {
  readonly root: string;
  /** Folder of ours on the same file system as `root`. */
  readonly state: string;
}

export interface WorkspaceParts extends Repositories {
  readonly run: string;
  readonly origin: Repositories['origin'];
  readonly from: WorkspaceOrigin;
  readonly places: RunPlaces;
  readonly repository: UserRepository;
  readonly tracking: Tracking;
  /** Tree of the base commit in the snapshot store. */
  readonly baseTree: TreeDigest;
}

export const clockFile = (places: RunPlaces): string => join(places.state, 'clock');
const scratchFolder = (places: RunPlaces): string => `${places.root}.scratch`;
const trashFolder = (places: RunPlaces): string => join(places.state, 'trash');

/** Removes the files of a run, and its branch when nothing was committed on it. */
export async function removeWorkspace(
  repository: UserRepository,
  run: string,
  { places, commit }: { readonly places: RunPlaces; readonly commit: string },
): Promise<void> {
  for (const folder of [places.root, scratchFolder(places)]) {
    if (existsSync(folder)) removeAll(Buffer.from(folder), trashFolder(places));
  }
  await forgetWorktree(repository, places.root);
  const tip = await branchTip(repository, run);
  if (tip === commit) await deleteBranch(repository, run, tip);
  await rm(places.state, { recursive: true, force: true });
}

export class GitWorkspace implements Workspace {
  readonly run: string;
  readonly origin: WorkspaceOrigin;
  readonly root: string;
  readonly branch: string;
  private readonly parts: WorkspaceParts;
  /** The files as they were last seen. */
  private tree: FolderNode = newFolder(undefined);
  /** Whether `tree` is the whole truth of the last snapshot, so that a part can be looked at alone. */
  private seen = false;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(parts: WorkspaceParts) {
    this.run = parts.run;
    this.origin = parts.from;
    this.root = parts.places.root;
    this.branch = branchOf(parts.run);
    this.parts = parts;
  }

  async outside(): Promise<readonly OutsidePath[]> {
    const ignored = await this.alone(() => this.trusting(() => this.ignored()));
    const why = 'ignored by the rules of the base commit';
    return ignored.toSorted().map((path) => ({ path, why }));
  }

  async snapshot(changed?: readonly string[]): Promise<Result<TreeDigest>> {
    return this.alone(() => this.trusting(() => this.record(changed)));
  }

  async restore(tree: TreeDigest): Promise<void> {
    await this.alone(() => this.trusting(() => this.makeEqual(tree)));
  }

  async checkout(tree: TreeDigest, folder: string): Promise<void> {
    const { store, places } = this.parts;
    await checkOutTree(store, tree, { root: folder, trash: trashFolder(places) });
  }

  async scratch(tree: TreeDigest): Promise<Scratch> {
    const { places } = this.parts;
    const root = scratchFolder(places);
    const clear = (): void => {
      if (existsSync(root)) removeAll(Buffer.from(root), trashFolder(places));
    };
    clear();
    await this.checkout(tree, root);
    return {
      root,
      dispose: () => {
        clear();
        return Promise.resolve();
      },
    };
  }

  async diff(from: TreeDigest, to: TreeDigest, under: readonly string[] = []): Promise<string> {
    return diffBetween(this.parts.store.place, { from, to, under });
  }

  async changes(from: TreeDigest, to: TreeDigest): Promise<readonly ChangedPath[]> {
    return changesBetween(this.parts.store.place, from, to);
  }

  /** Answers the tip of the branch, making no commit, when it has this very tree already. */
  commit(tree: TreeDigest, message: string): Promise<string> {
    return inRepository(() => this.committed(tree, message));
  }

  private async committed(tree: TreeDigest, message: string): Promise<string> {
    const { origin, repository, run, from, baseTree } = this.parts;
    const base = { commit: from.baseCommit, tree: baseTree };
    const exported = await exportTree(this.parts, tree, base);
    const old = await branchTip(repository, run);
    const tip = old ?? from.baseCommit;
    if (old !== undefined && (await treeOfCommit(origin, tip)) === exported) return tip;
    const commit = await writeCommit(origin, { tree: exported, parents: [tip], message });
    await moveBranch(repository, run, { old, commit });
    await resetWorktreeIndex(repository, this.root, commit);
    return commit;
  }

  async dispose(): Promise<void> {
    await this.alone(async () => {
      const { repository, places } = this.parts;
      const made = { places, commit: this.origin.baseCommit };
      await inRepository(() => removeWorkspace(repository, this.run, made));
    });
  }

  /** Fills the empty worktree with the base tree. */
  async fill(): Promise<void> {
    await this.alone(() => this.trusting(() => this.makeEqual(this.parts.baseTree)));
  }

  private async ignored(): Promise<readonly string[]> {
    const batch = newBatch(this.parts.store);
    const { ignored, obstacles } = await this.look(keeping(batch), undefined, this.tree);
    await batch.flush();
    this.seen = obstacles.length === 0;
    return ignored;
  }

  private async record(changed: readonly string[] | undefined): Promise<Result<TreeDigest>> {
    const paths = this.seen ? changed : undefined;
    this.seen = false;
    const batch = newBatch(this.parts.store);
    const { obstacles } = await this.look(keeping(batch), paths, this.tree);
    const [first] = obstacles;
    if (first !== undefined) {
      await batch.flush();
      return { ok: false, refusal: first.refusal };
    }
    const tree = treeId(this.tree, (content) => batch.add('tree', content));
    await batch.flush();
    this.seen = true;
    return done(tree);
  }

  private async makeEqual(tree: TreeDigest): Promise<void> {
    const { store, places } = this.parts;
    const destination = { root: this.root, trash: trashFolder(places) };
    openUp(this.root, lstatSync(this.root).mode);
    for (;;) {
      const { obstacles } = await this.look(naming, undefined, this.tree);
      if (obstacles.length === 0) break;
      for (const { place } of obstacles) removeAll(place, destination.trash);
    }
    const files = filesOf(await listTree(store.place, tree, 'files-only'));
    const wanted = new Map(files.map((file) => [file.path, file]));
    const missing = files.filter((file) => !holds(this.tree, file));
    removeUnwanted(this.tree, wanted, destination);
    const written = await writeFiles(store, missing, destination, this.tree);
    settle(written, readClock(clockFile(places)));
    const present = treeId(this.tree, (content) => objectId('sha256', 'tree', content));
    if (present !== tree) throw new Fault(`the files make the tree ${present}, not ${tree}`);
    for (const { id } of files) store.target.known.add(id);
    this.seen = true;
  }

  private look(
    sink: BlobSink,
    paths: readonly string[] | undefined,
    tree: FolderNode,
  ): Promise<ScanOutcome> {
    const { places, tracking } = this.parts;
    const clockMs = readClock(clockFile(places));
    return scan({ root: this.root, tree, tracking, sink, clockMs, paths });
  }

  /** Forgets what was seen when the work fails: ids may then name objects that were never kept. */
  private async trusting<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.tree = newFolder(undefined);
      this.seen = false;
      throw error;
    }
  }

  /** One after the other: the tree in memory has one writer. */
  private alone<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.queue.then(work);
    this.queue = turn.catch(() => undefined);
    return turn;
  }
}

function holds(root: FolderNode, { path, mode, id }: WantedFile): boolean {
  let folder = root;
  const names = path.split('/');
  const last = names.pop() ?? '';
  for (const name of names) {
    const child = folder.children.get(name);
    if (child?.kind !== 'folder') return false;
    folder = child;
  }
  const file = folder.children.get(last);
  return file?.kind === 'file' && file.id === id && file.mode === mode;
}

/** Nobody else was at work while these were written, so only the last clock tick is in doubt. */
function settle(written: readonly FileNode[], clockMs: number): void {
  for (const node of written) node.settled = (node.stamp?.ctimeMs ?? clockMs) < clockMs;
}
