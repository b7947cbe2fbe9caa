import { mkdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { git, tryGit, type GitPlace } from './git.ts';
import { ObjectBatch, type ObjectTarget } from './object-batch.ts';
import type { ObjectFormat } from './object.ts';

/**
 * Attributes of every path, in the one place that overrules `.gitattributes`: contents are what
 * they are. `!diff` keeps the built-in look for binary files, without drivers.
 */
const attributes = '* -text !eol -ident -filter -working-tree-encoding !diff !merge !whitespace\n';

const config = {
  'core.protectNTFS': 'false',
  'core.protectHFS': 'false',
  'core.precomposeUnicode': 'false',
  'core.ignoreCase': 'false',
  'core.symlinks': 'true',
  'core.fileMode': 'true',
};

/** Makes a bare repository without hooks, templates or excludes; whole or not at all. */
export async function makeBareRepository(folder: string, format: ObjectFormat): Promise<GitPlace> {
  const place = { cwd: '/', env: { GIT_DIR: folder }, config };
  if (existsSync(folder)) return place;
  const draft = `${folder}.${randomUUID()}`;
  await git(
    { cwd: '/', env: {}, config: {} },
    { args: ['init', '-q', '--bare', '--template=', `--object-format=${format}`, draft] },
  );
  await mkdir(join(draft, 'info'), { recursive: true });
  await writeFile(join(draft, 'info', 'attributes'), attributes);
  await git({ ...place, env: { GIT_DIR: draft } }, { args: ['config', 'gc.pruneExpire', 'never'] });
  try {
    await rename(draft, folder);
  } catch (error) {
    // Somebody else was first; theirs is as good.
    await rm(draft, { recursive: true });
    if (!existsSync(folder)) throw error;
  }
  return place;
}

/** Content-addressed snapshots of the working trees of one user repository. */
export interface SnapshotStore {
  readonly place: GitPlace;
  readonly target: ObjectTarget;
}

/** Names a folder of ours after a folder of the user. */
export function folderName(repository: string): string {
  return createHash('sha256').update(repository).digest('hex').slice(0, 32);
}

export async function openSnapshotStore(folder: string): Promise<SnapshotStore> {
  const place = await makeBareRepository(folder, 'sha256');
  const target: ObjectTarget = {
    place,
    format: 'sha256',
    looseFolder: join(folder, 'objects'),
    known: new Set(),
  };
  return { place, target };
}

export function newBatch(store: SnapshotStore): ObjectBatch {
  return new ObjectBatch(store.target);
}

const importRef = (commit: string): string => `refs/imports/${commit}`;

/** Tree that was recorded of a commit; undefined when it has not been imported. */
export async function importedTree(
  store: SnapshotStore,
  commit: string,
): Promise<string | undefined> {
  const found = await tryGit(store.place, {
    args: ['rev-parse', '--verify', '-q', importRef(commit)],
  });
  return found.exitCode === 0 ? found.stdout.toString().trim() : undefined;
}

export async function rememberImport(
  store: SnapshotStore,
  commit: string,
  tree: string,
): Promise<void> {
  await git(store.place, { args: ['update-ref', importRef(commit), tree] });
}
