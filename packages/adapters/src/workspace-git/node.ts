import type { Stats } from 'node:fs';
import { encodeTree, type FileMode, type TreeEntry } from './object.ts';

/** What the file system says of a file; when any of it differs, the content may differ. */
export interface Stamp {
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly inode: number;
  /** Type and permission bits. */
  readonly mode: number;
}

export interface FileNode {
  readonly kind: 'file';
  mode: FileMode;
  /** Object id of the content; empty until it has been read. */
  id: string;
  stamp: Stamp | undefined;
  /**
   * Whether a later change must change the stamp. Not so while the file is as young as the clock
   * tick in which it was read: a change in that tick leaves the same times.
   */
  settled: boolean;
}

export interface FolderNode {
  readonly kind: 'folder';
  readonly parent: FolderNode | undefined;
  readonly children: Map<string, Node>;
  /** Id of its tree; '' when no file is in it; undefined when something below has changed. */
  id: string | undefined;
}

export type Node = FileNode | FolderNode;

export function newFolder(parent: FolderNode | undefined): FolderNode {
  return { kind: 'folder', parent, children: new Map(), id: undefined };
}

export function stampOf(stats: Stats): Stamp {
  return {
    sizeBytes: stats.size,
    mtimeMs: stats.mtimeMs,
    ctimeMs: stats.ctimeMs,
    inode: stats.ino,
    mode: stats.mode,
  };
}

export function hasStamp(node: FileNode, stats: Stats): boolean {
  const { stamp } = node;
  return (
    stamp !== undefined &&
    stamp.ctimeMs === stats.ctimeMs &&
    stamp.mtimeMs === stats.mtimeMs &&
    stamp.sizeBytes === stats.size &&
    stamp.inode === stats.ino &&
    stamp.mode === stats.mode
  );
}

/** Forgets the ids of a folder and of all above it. */
export function markChanged(folder: FolderNode): void {
  for (let at: FolderNode | undefined = folder; at?.id !== undefined; at = at.parent) {
    at.id = undefined;
  }
}

export function removeChild(folder: FolderNode, name: string): void {
  if (folder.children.delete(name)) markChanged(folder);
}

export function addChild<T extends Node>(folder: FolderNode, name: string, node: T): T {
  folder.children.set(name, node);
  markChanged(folder);
  return node;
}

/** Puts a node, made by `make` for its folder, at a path below `root`, with the folders between. */
export function plant(root: FolderNode, path: string, make: (parent: FolderNode) => Node): void {
  const names = path.split('/');
  const last = names.pop() ?? '';
  let folder = root;
  for (const name of names) {
    const child = folder.children.get(name);
    folder = child?.kind === 'folder' ? child : addChild(folder, name, newFolder(folder));
  }
  addChild(folder, last, make(folder));
}

/** A file of which no more is known than what a tree says. */
export function recordedFile(mode: FileMode, id: string): FileNode {
  return { kind: 'file', mode, id, stamp: undefined, settled: false };
}

/** Id of the tree of a folder, computing what has changed; '' for a folder without files. */
export function treeId(folder: FolderNode, writeTree: (content: Buffer) => string): string {
  if (folder.id !== undefined) return folder.id;
  const entries: TreeEntry[] = [];
  for (const [name, node] of folder.children) {
    if (node.kind === 'file') entries.push({ name, mode: node.mode, id: node.id });
    else {
      const id = treeId(node, writeTree);
      if (id !== '') entries.push({ name, mode: '40000', id });
    }
  }
  const isRoot = folder.parent === undefined;
  folder.id = entries.length > 0 || isRoot ? writeTree(encodeTree(entries)) : '';
  return folder.id;
}
