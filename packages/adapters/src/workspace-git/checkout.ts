import { mkdirSync, readdirSync } from 'node:fs';
import { Fault } from '@chancery/kernel/refusal';
import type { TreeDigest } from '@chancery/runtime/workspace';
import { filesOf, writeFiles, type Destination } from './materialise.ts';
import { newFolder } from './node.ts';
import { listTree } from './object-reader.ts';
import type { SnapshotStore } from './snapshot-store.ts';

/** Writes the files of a tree into a folder. @throws {Fault} when there is something in it. */
export async function checkOutTree(
  store: SnapshotStore,
  tree: TreeDigest,
  destination: Destination,
): Promise<void> {
  mkdirSync(destination.root, { recursive: true });
  if (readdirSync(destination.root).length > 0) {
    throw new Fault('the folder to check out into is not empty');
  }
  const files = filesOf(await listTree(store.place, tree, 'files-only'));
  await writeFiles(store, files, destination, newFolder(undefined));
}
