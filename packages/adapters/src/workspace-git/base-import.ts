import { done, refused, type Refused, type Result } from '@chancery/kernel/refusal';
import { GitError, refetching } from './git.ts';
import { newFolder, plant, recordedFile, treeId, type FileNode } from './node.ts';
import { fileModeOf } from './object.ts';
import { listTree, MissingObject, readObjects, type ListedEntry } from './object-reader.ts';
import type { OriginObjects } from './origin-objects.ts';
import { importedTree, newBatch, rememberImport, type SnapshotStore } from './snapshot-store.ts';
import { largestFileBytes } from './file-content.ts';

/**
 * Records the tree of a commit of the user's repository in the snapshot store.
 * Refuses `repo.nested` for a submodule, `workspace.unsupported` for a name that is not UTF-8,
 * `repo.unreadable` for objects that are not there.
 */
export async function importBase(
  store: SnapshotStore,
  origin: OriginObjects,
  commit: string,
): Promise<Result<string>> {
  const before = await importedTree(store, commit);
  if (before !== undefined) return done(before);
  try {
    const entries = await listTree(origin.reading, commit, 'files-only');
    const problem = unsupported(entries);
    if (problem !== undefined) return problem;
    return await importFiles({ store, origin, commit }, entries);
  } catch (error) {
    if (error instanceof MissingObject || error instanceof GitError) {
      return refused('repo.unreadable', `commit ${commit} is not whole: ${error.message}`, {
        remedy: refetching,
      });
    }
    throw error;
  }
}

function unsupported(entries: readonly ListedEntry[]): Refused | undefined {
  for (const { path, rawPath, mode } of entries) {
    const name = JSON.stringify(path ?? rawPath.toString('latin1'));
    if (mode === '160000') return refused('repo.nested', `${name} is a submodule`);
    if (path === undefined) {
      const what = `the file name ${name} (bytes as Latin-1) is not UTF-8`;
      return refused('workspace.unsupported', what);
    }
  }
  return undefined;
}

interface Import {
  readonly store: SnapshotStore;
  readonly origin: OriginObjects;
  readonly commit: string;
}

async function importFiles(
  { store, origin, commit }: Import,
  entries: readonly ListedEntry[],
): Promise<Result<string>> {
  const root = newFolder(undefined);
  const byContent = new Map<string, FileNode[]>();
  for (const { path = '', mode, id } of entries) {
    const node = recordedFile(fileModeOf(mode), '');
    plant(root, path, () => node);
    const same = byContent.get(id);
    if (same === undefined) byContent.set(id, [node]);
    else same.push(node);
  }
  const batch = newBatch(store);
  for await (const { id, bytes } of readObjects(origin.reading, [...byContent.keys()])) {
    if (bytes.length > largestFileBytes) {
      return refused(
        'workspace.unsupported',
        `object ${id} is larger than ${largestFileBytes} bytes`,
      );
    }
    const recorded = batch.add('blob', bytes);
    for (const node of byContent.get(id) ?? []) node.id = recorded;
    await batch.relieve();
  }
  const tree = treeId(root, (content) => batch.add('tree', content));
  await batch.flush();
  await rememberImport(store, commit, tree);
  return done(tree);
}
