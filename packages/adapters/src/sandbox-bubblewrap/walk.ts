import { readdirSync, type Dirent } from 'node:fs';
import { join } from 'node:path';

export interface Walk {
  /** Paths that are left out, with all below them. */
  readonly skips?: (path: string) => boolean;
  /** Whether a folder that we may not list is passed over. */
  readonly passesClosed?: boolean;
}

/** Everything in a folder but folders. @throws the system's error for one that may not be listed. */
export function* entriesIn(
  folder: string,
  { skips = () => false, passesClosed = false }: Walk = {},
): Generator<{ readonly path: string; readonly entry: Dirent }, void, undefined> {
  const open = [folder];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const entry of listed(next, passesClosed)) {
      const path = join(next, entry.name);
      if (skips(path)) continue;
      if (entry.isDirectory()) open.push(path);
      else yield { path, entry };
    }
  }
}

function listed(folder: string, passesClosed: boolean): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    // It is gone meanwhile, or is none of ours.
    if (code === 'ENOENT' || (passesClosed && code === 'EACCES')) return [];
    throw error;
  }
}
