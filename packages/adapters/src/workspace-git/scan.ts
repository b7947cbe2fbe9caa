import { isUtf8 } from 'node:buffer';
import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { Fault, refusal, type Refusal } from '@chancery/kernel/refusal';
import { errnoOf, hashFile, type BlobSink } from './file-content.ts';
import {
  addChild,
  hasStamp,
  newFolder,
  recordedFile,
  removeChild,
  type FileNode,
  type FolderNode,
} from './node.ts';
import { longPathBytes } from './removal.ts';
import type { Tracking } from './tracking.ts';

const slash = 47;

/** Folders in each other that are looked into: each takes a few frames of the stack. */
const deepest = 256;
/** Characters of a path that are told. */
const shownChars = 200;

/** Something that no snapshot can hold. */
export interface Obstacle {
  /** Absolute path as bytes, for its name may not be UTF-8; of what is too deep, a folder above. */
  readonly place: Buffer;
  readonly refusal: Refusal;
}

export interface ScanOutcome {
  readonly obstacles: readonly Obstacle[];
  /** Ignored paths that are there; a folder ends with a slash and stands for all that is in it. */
  readonly ignored: readonly string[];
}

export interface ScanRequest {
  /** Absolute path of the folder that `tree` mirrors. */
  readonly root: string;
  /** Brought up to date with the files. */
  readonly tree: FolderNode;
  readonly tracking: Tracking;
  readonly sink: BlobSink;
  /** Time of the file system at the start, from `readClock`. */
  readonly clockMs: number;
  /** The only paths to look at; undefined: all. */
  readonly paths: readonly string[] | undefined;
}

/** What a directory entry and a file status both tell. */
interface Kind {
  isDirectory(): boolean;
  isFile(): boolean;
  isSymbolicLink(): boolean;
}

interface NamedKind {
  readonly name: string;
  readonly kind: Kind;
}

interface Entry extends NamedKind {
  readonly folder: FolderNode;
  /** Path relative to the root. */
  readonly path: string;
}

interface StaleFile extends Entry {
  readonly node: FileNode;
}

/** Brings a tree in memory up to date with the files below a folder. */
export async function scan(request: ScanRequest): Promise<ScanOutcome> {
  return new Scan(request).run();
}

class Scan {
  private readonly request: ScanRequest;
  private readonly obstacles: Obstacle[] = [];
  private readonly ignored: string[] = [];
  private undecided: Entry[] = [];
  private readonly stale: StaleFile[] = [];

  constructor(request: ScanRequest) {
    this.request = request;
  }

  async run(): Promise<ScanOutcome> {
    const { tree, paths, tracking, sink } = this.request;
    if (paths === undefined) this.visitFolder(tree, '');
    else for (const path of paths) this.visitPath(path);
    while (this.undecided.length > 0) {
      const entries = this.undecided;
      this.undecided = [];
      await tracking.decide(entries.map(keyOf));
      for (const entry of entries) this.admit(entry);
    }
    for (const file of this.stale) {
      this.read(file);
      await sink.relieve();
    }
    return { obstacles: this.obstacles, ignored: this.ignored };
  }

  private absolute(path: string): string {
    return path === '' ? this.request.root : `${this.request.root}/${path}`;
  }

  private visitFolder(folder: FolderNode, path: string): void {
    if (path.split('/').length > deepest) {
      const place = this.absolute(path);
      const why = `a folder stands in ${deepest} others: ${JSON.stringify(path.slice(0, shownChars))}…`;
      this.obstruct(Buffer.from(place), refusal('workspace.unsupported', why));
      return;
    }
    const before = folder.children.size;
    const entries = this.entriesOf(path);
    let kept = 0;
    for (const { name, kind } of entries) {
      if (this.visit({ folder, name, path: path === '' ? name : `${path}/${name}`, kind }))
        kept += 1;
    }
    if (before === 0 || kept === folder.children.size) return;
    const seen = new Set(entries.map(({ name }) => name));
    for (const name of folder.children.keys()) {
      if (!seen.has(name)) removeChild(folder, name);
    }
  }

  private entriesOf(path: string): readonly NamedKind[] {
    const place = this.absolute(path);
    try {
      const entries = readdirSync(place, { withFileTypes: true });
      // Bytes that are not UTF-8 are read as U+FFFD, which a name may also hold.
      const inDoubt = entries.some(({ name }) => name.includes('\ufffd'));
      return inDoubt
        ? this.entriesByBytes(place)
        : entries.map((kind) => ({ name: kind.name, kind }));
    } catch (error) {
      this.obstruct(Buffer.from(place), unreadable(path, errnoOf(error)));
      return [];
    }
  }

  private entriesByBytes(place: string): NamedKind[] {
    const entries = readdirSync(place, { withFileTypes: true, encoding: 'buffer' });
    return entries.flatMap((kind) => {
      const raw = kind.name;
      if (isUtf8(raw)) return [{ name: raw.toString(), kind }];
      const name = JSON.stringify(raw.toString('latin1'));
      this.obstruct(
        Buffer.concat([Buffer.from(`${place}/`), raw]),
        refusal('workspace.unsupported', `the file name ${name} (bytes as Latin-1) is not UTF-8`),
      );
      return [];
    });
  }

  /** Looks at one path from the root down, as far as folders lead. */
  private visitPath(path: string): void {
    const names = path.split('/');
    if (names.some((name) => name === '' || name === '.' || name === '..')) {
      throw new Fault('a changed path is not a plain relative path');
    }
    let folder = this.request.tree;
    for (const [depth, name] of names.entries()) {
      const here = names.slice(0, depth + 1).join('/');
      const place = this.absolute(here);
      const kind = statusOf(place);
      if (kind === undefined || kind === 'unreadable') {
        removeChild(folder, name);
        if (kind !== undefined) this.obstruct(Buffer.from(place), unreadable(here, 'no access'));
        return;
      }
      const child = folder.children.get(name);
      const leadsOn = depth + 1 < names.length && kind.isDirectory() && child?.kind === 'folder';
      if (!leadsOn) {
        if (!this.visit({ folder, name, path: here, kind })) removeChild(folder, name);
        return;
      }
      folder = child;
    }
  }

  /** Whether the entry is in the tree now. */
  private visit(entry: Entry): boolean {
    const { folder, name, path, kind } = entry;
    if (name.length === 4 && name.toLowerCase() === '.git') {
      // The link of the worktree to its repository.
      if (path === '.git') return false;
      const nested = refusal(
        'repo.nested',
        `${JSON.stringify(path)} belongs to another repository`,
      );
      return this.obstruct(Buffer.from(this.absolute(path)), nested);
    }
    const child = folder.children.get(name);
    if (child?.kind === 'folder' && kind.isDirectory()) {
      this.visitFolder(child, path);
      return true;
    }
    if (child?.kind === 'file' && !kind.isDirectory()) return this.compare(entry, child);
    removeChild(folder, name);
    return this.admit(entry);
  }

  private compare(entry: Entry, node: FileNode): boolean {
    const stats = statusOf(this.absolute(entry.path));
    if (stats === undefined) {
      removeChild(entry.folder, entry.name);
      return false;
    }
    // What has no readable status has no readable content: reading tells why.
    if (stats === 'unreadable' || !node.settled || !hasStamp(node, stats))
      this.stale.push({ ...entry, node });
    return true;
  }

  /** Takes up an entry that is not in the tree, when it is tracked. */
  private admit(entry: Entry): boolean {
    const { folder, name, path, kind } = entry;
    switch (this.request.tracking.verdict(keyOf(entry))) {
      case 'ignored':
        this.ignored.push(keyOf(entry));
        return false;
      case 'undecided':
        this.undecided.push(entry);
        return false;
      case 'tracked':
        if (kind.isDirectory()) {
          this.visitFolder(addChild(folder, name, newFolder(folder)), path);
          return true;
        }
        this.stale.push({ ...entry, node: addChild(folder, name, recordedFile('100644', '')) });
        return true;
    }
  }

  private read(file: StaleFile): void {
    const { folder, name, node, path } = file;
    const place = this.absolute(path);
    const problem = hashFile(
      { place, path, node, folder },
      this.request.sink,
      this.request.clockMs,
    );
    if (problem === undefined) return;
    removeChild(folder, name);
    if (problem !== 'gone') this.obstruct(Buffer.from(place), problem);
  }

  private obstruct(place: Buffer, why: Refusal): false {
    this.obstacles.push({ place: nameable(place), refusal: why });
    return false;
  }
}

/** The place, or the folder above it whose path the system takes. */
function nameable(place: Buffer): Buffer {
  let at = place;
  while (at.length > longPathBytes) at = at.subarray(0, at.lastIndexOf(slash));
  return at;
}

function keyOf({ path, kind }: Entry): string {
  return kind.isDirectory() ? `${path}/` : path;
}

/** Status of what is at a path, links not followed; undefined when nothing is. */
function statusOf(place: string): Stats | 'unreadable' | undefined {
  try {
    return lstatSync(place, { throwIfNoEntry: false });
  } catch (error) {
    return errnoOf(error) === 'ENOTDIR' ? undefined : 'unreadable';
  }
}

function unreadable(path: string, why: string): Refusal {
  return refusal('workspace.unsupported', `${JSON.stringify(path)} cannot be read (${why})`);
}
