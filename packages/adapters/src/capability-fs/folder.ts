import { closeSync, constants, existsSync, lstatSync, openSync, type Stats } from 'node:fs';
import { join } from 'node:path';

/** Where the system lets an open folder be named by its descriptor (Linux). */
const descriptors = '/proc/self/fd';
const anchors = existsSync(descriptors);
const openFolder = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/**
 * An open folder. What is in it is named through the descriptor, so that renaming or replacing a
 * folder above, or putting a link in its place, leads nowhere else. Where the system has no such
 * names (macOS), the path is used, every part of it having been looked at.
 */
export class Folder {
  private readonly descriptor: number;
  private readonly path: string;

  private constructor(path: string, seenAs: string) {
    this.descriptor = openSync(path, openFolder);
    this.path = seenAs;
  }

  /** `root`: absolute real path. */
  static open(root: string): Folder {
    return new Folder(root, root);
  }

  /** Name under which a child can be used; its own last part may be a link. */
  place(name: string): string {
    return anchors ? `${descriptors}/${this.descriptor}/${name}` : join(this.path, name);
  }

  /** Name of the folder itself. */
  get here(): string {
    return anchors ? `${descriptors}/${this.descriptor}/.` : this.path;
  }

  /** Opens a folder in it; a link is an error. */
  into(name: string): Folder {
    return new Folder(this.place(name), join(this.path, name));
  }

  status(name: string): Stats | undefined {
    return lstatSync(this.place(name), { throwIfNoEntry: false });
  }

  close(): void {
    closeSync(this.descriptor);
  }
}

/**
 * Walks down from the workspace, calls `use` with the last folder, and closes what was opened.
 * `enter` opens the next folder; by default one that must be there.
 */
export function inFolder<T>(
  root: string,
  names: readonly string[],
  use: (folder: Folder) => T,
  enter: (folder: Folder, name: string) => Folder = (folder, name) => folder.into(name),
): T {
  let folder = Folder.open(root);
  try {
    for (const name of names) {
      const next = enter(folder, name);
      folder.close();
      folder = next;
    }
    return use(folder);
  } finally {
    folder.close();
  }
}
