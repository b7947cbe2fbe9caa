import { git, gitLine, type GitPlace } from './git.ts';
import { newFolder, plant, recordedFile, treeId, type FileNode, type FolderNode } from './node.ts';
import { fileModeOf } from './object.ts';
import { ObjectBatch } from './object-batch.ts';
import { listTree, readObjects } from './object-reader.ts';
import type { OriginObjects } from './origin-objects.ts';
import type { SnapshotStore } from './snapshot-store.ts';

export interface Repositories {
  readonly store: SnapshotStore;
  readonly origin: OriginObjects;
}

export interface BaseTree {
  /** Commit of the user's repository. */
  readonly commit: string;
  /** The same tree in the snapshot store. */
  readonly tree: string;
}

/** An entry of the base: as the snapshot store names it and as the user's repository does. */
interface BaseEntry {
  readonly mode: string;
  readonly id: string;
  readonly originId: string;
}

/**
 * Writes a tree of the snapshot store into the objects of the user's repository, under the ids
 * that its object format gives. What equals the base is not written again. Answers the tree's id.
 */
export async function exportTree(
  repositories: Repositories,
  tree: string,
  base: BaseTree,
): Promise<string> {
  const { store, origin } = repositories;
  const { root, changed } = await translate(
    repositories,
    tree,
    await baseEntries(repositories, base),
  );
  const batch = new ObjectBatch({
    place: origin.writing,
    format: origin.format,
    looseFolder: undefined,
    known: new Set(),
  });
  for await (const { id, bytes } of readObjects(store.place, [...changed.keys()])) {
    const written = batch.add('blob', bytes);
    for (const node of changed.get(id) ?? []) node.id = written;
    await batch.relieve();
  }
  const written = treeId(root, (content) => batch.add('tree', content));
  await batch.flush();
  return written;
}

async function baseEntries(
  { store, origin }: Repositories,
  base: BaseTree,
): Promise<ReadonlyMap<string, BaseEntry>> {
  const ours = await listTree(store.place, base.tree, 'with-folders');
  const theirs = await listTree(origin.reading, base.commit, 'with-folders');
  const originIds = new Map(theirs.map(({ path, id }) => [path, id]));
  return new Map(
    ours.map(({ path = '', mode, id }) => [
      path,
      { mode, id, originId: originIds.get(path) ?? '' },
    ]),
  );
}

/** The tree with ids of the user's repository, and the files that it does not have yet by content. */
async function translate(
  { store }: Repositories,
  tree: string,
  base: ReadonlyMap<string, BaseEntry>,
): Promise<{ readonly root: FolderNode; readonly changed: Map<string, FileNode[]> }> {
  const root = newFolder(undefined);
  const changed = new Map<string, FileNode[]>();
  let reused: string | undefined;
  for (const { path = '', mode, id } of await listTree(store.place, tree, 'with-folders')) {
    if (reused !== undefined && path.startsWith(reused)) continue;
    const before = base.get(path);
    const same = before?.mode === mode && before.id === id ? before : undefined;
    if (mode === '040000') {
      // A folder as it was is taken as a whole; any other comes into being with its files.
      if (same === undefined) continue;
      plant(root, path, (parent) => ({ ...newFolder(parent), id: same.originId }));
      reused = `${path}/`;
      continue;
    }
    const node = recordedFile(fileModeOf(mode), same?.originId ?? '');
    plant(root, path, () => node);
    if (same === undefined) changed.set(id, [...(changed.get(id) ?? []), node]);
  }
  return { root, changed };
}

/** Who commits: nobody's name is borrowed. */
const identity = {
  GIT_AUTHOR_NAME: 'Chancery',
  GIT_AUTHOR_EMAIL: 'chancery@localhost',
  GIT_COMMITTER_NAME: 'Chancery',
  GIT_COMMITTER_EMAIL: 'chancery@localhost',
};

/** Writes a commit object into the user's repository; moves no branch. */
export async function writeCommit(
  origin: OriginObjects,
  commit: { readonly tree: string; readonly parents: readonly string[]; readonly message: string },
): Promise<string> {
  const place: GitPlace = { ...origin.writing, env: { ...origin.writing.env, ...identity } };
  const parents = commit.parents.flatMap((parent) => ['-p', parent]);
  const args = ['commit-tree', ...parents, '-F', '-', commit.tree];
  return (await git(place, { args, stdin: commit.message })).toString().trim();
}

export async function treeOfCommit(origin: OriginObjects, commit: string): Promise<string> {
  return gitLine(origin.reading, 'rev-parse', `${commit}^{tree}`);
}
