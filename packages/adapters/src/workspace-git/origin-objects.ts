import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { tryGit, type GitPlace } from './git.ts';
import type { ObjectFormat } from './object.ts';
import { makeBareRepository } from './snapshot-store.ts';

/**
 * The objects of the user's repository seen through a repository of ours: its configuration,
 * attributes, hooks and replacement refs are never read.
 */
export interface OriginObjects {
  /** Reads the user's objects; what it writes stays with us. */
  readonly reading: GitPlace;
  /** Writes into the user's objects. */
  readonly writing: GitPlace;
  readonly format: ObjectFormat;
}

export interface OriginPlace {
  /** Folder of ours, made when absent. */
  readonly folder: string;
  /** Absolute path of the user's git folder, the common one of all worktrees. */
  readonly commonDir: string;
  readonly format: ObjectFormat;
}

export async function openOriginObjects(origin: OriginPlace): Promise<OriginObjects> {
  const { folder, commonDir, format } = origin;
  const place = await makeBareRepository(folder, format);
  const objects = join(commonDir, 'objects');
  const shallow = join(commonDir, 'shallow');
  const env = existsSync(shallow) ? { ...place.env, GIT_SHALLOW_FILE: shallow } : place.env;
  return {
    format,
    reading: { ...place, env: { ...env, GIT_ALTERNATE_OBJECT_DIRECTORIES: quoted(objects) } },
    writing: { ...place, env: { ...env, GIT_OBJECT_DIRECTORY: objects } },
  };
}

export async function hasCommit({ reading }: OriginObjects, commit: string): Promise<boolean> {
  const { exitCode } = await tryGit(reading, { args: ['cat-file', '-e', `${commit}^{commit}`] });
  return exitCode === 0;
}

/** The list of alternates is separated by colons; git takes a quoted path as it is. */
function quoted(path: string): string {
  return `"${path.replaceAll(/["\\]/g, '\\$&')}"`;
}
