import { readdirSync, type Stats } from 'node:fs';
import type { Capability } from '@chancery/runtime/broker';
import {
  closed,
  countOf,
  countSchema,
  factsOf,
  fileContract,
  normalisePath,
  pathSchema,
} from './contract.ts';
import { attempt, Failed, fileFailures } from './failure.ts';
import { inFolder, type Folder } from './folder.ts';
import { parsePath } from './workspace-path.ts';

const mostEntries = 2000;

const entrySchema = closed({
  path: { type: 'string' },
  kind: { enum: ['file', 'folder', 'symlink', 'other'] },
  sizeBytes: countSchema,
});

const contract = fileContract({
  name: 'fs.list',
  description:
    'Lists what is in a folder, by default the workspace itself. `depth` 1 (the default) is the ' +
    'folder alone, 2 the folders in it as well, and so on. Links are named, not followed.',
  effect: 'read',
  input: closed(
    { path: pathSchema('The folder.'), depth: { type: 'integer', minimum: 1, maximum: 20 } },
    ['path', 'depth'],
  ),
  output: closed({
    path: { type: 'string' },
    entries: { type: 'array', items: entrySchema },
    truncated: { type: 'boolean' },
  }),
  roles: { path: 'path' },
  authors: { path: 'service', entries: 'third-party', truncated: 'service' },
  inputBytes: 16 * 1024,
  outputBytes: 2 * 1024 * 1024,
  timeoutMs: 5000,
  failures: [...fileFailures, 'file.not-a-folder'],
});

export const fsList: Capability = {
  contract,
  normalise: async (args, surroundings) => normalisePath(contract, args, surroundings),
  execute: (action, context) =>
    attempt(() => {
      const { path, kind } = factsOf(action.resolved);
      if (kind === 'absent') throw new Failed('file.missing', `${path} does not exist`);
      if (kind === 'file') throw new Failed('file.not-a-folder', `${path} is a file`);
      const names = path === '.' ? [] : path.split('/');
      const depth = countOf(action.normalisedArgs, 'depth', 1);
      const listing = new Listing();
      inFolder(context.root, names, (folder) => listing.add(folder, names.join('/'), depth));
      const { entries, truncated } = listing;
      const observation = { path, entries, truncated };
      return { kind: 'done', observation, delta: [], used: {}, changed: [] };
    }),
};

type EntryKind = 'file' | 'folder' | 'symlink' | 'other';

class Listing {
  readonly entries: { path: string; kind: EntryKind; sizeBytes: number }[] = [];
  truncated = false;

  add(folder: Folder, path: string, depth: number): void {
    for (const name of readdirSync(folder.here).sort()) {
      // The folder of git, and names that no capability could be given.
      if (!parsePath(name).ok) continue;
      const stats = folder.status(name);
      if (stats === undefined) continue;
      if (this.entries.length >= mostEntries) {
        this.truncated = true;
        return;
      }
      const below = path === '' ? name : `${path}/${name}`;
      const kind = kindOf(stats);
      this.entries.push({ path: below, kind, sizeBytes: kind === 'file' ? stats.size : 0 });
      if (kind === 'folder' && depth > 1) this.descend(folder, name, { path: below, depth });
    }
  }

  private descend(
    folder: Folder,
    name: string,
    below: { readonly path: string; readonly depth: number },
  ): void {
    const child = folder.into(name);
    try {
      this.add(child, below.path, below.depth - 1);
    } finally {
      child.close();
    }
  }
}

function kindOf(stats: Stats): EntryKind {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  return stats.isSymbolicLink() ? 'symlink' : 'other';
}
