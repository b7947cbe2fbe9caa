import { readlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { kindAt } from './place.ts';

/** The Node that runs this process, made readable at its own place, and nothing beside it. */
export interface Toolchain {
  /** Folder to put on the PATH. */
  readonly folder: string;
  readonly files: readonly string[];
  readonly links: readonly { readonly path: string; readonly target: string }[];
}

/**
 * `executable` is the real path of Node, which may lie below a home folder: its folder is shown
 * with the executable alone and, when npm came with it, npm's own links and folder.
 */
export function nodeToolchain(executable: string): Toolchain {
  const folder = dirname(executable);
  const npm = join(dirname(folder), 'lib', 'node_modules', 'npm');
  const links = ['npm', 'npx']
    .map((name) => join(folder, name))
    .filter((path) => kindAt(path) === 'symlink' && kindAt(npm) === 'folder')
    .map((path) => ({ path, target: readlinkSync(path) }))
    .filter(({ target }) => join(folder, target).startsWith(`${npm}/`));
  return { folder, files: links.length === 0 ? [executable] : [executable, npm], links };
}
