import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { GitError, tryGit, type GitPlace } from './git.ts';
import { readObjects, type ListedEntry } from './object-reader.ts';
import type { SnapshotStore } from './snapshot-store.ts';

export type Verdict = 'tracked' | 'ignored' | 'undecided';

/**
 * Which paths a snapshot holds: those of the base tree, and those that the ignore rules of the
 * base tree do not match. The rules are read from a folder of ours that holds nothing but the
 * `.gitignore` files of the base, so no candidate can change them.
 */
export interface Tracking {
  /** A folder is named with a slash at its end. */
  verdict(path: string): Verdict;
  /** Settles the verdict of paths that were undecided. */
  decide(paths: readonly string[]): Promise<void>;
}

const ignoreFile = '.gitignore';

/** `entries`: the listing of the base tree, folders included; `folder` is made anew. */
export async function prepareTracking(
  store: SnapshotStore,
  entries: readonly ListedEntry[],
  folder: string,
): Promise<Tracking> {
  const base = new Set<string>();
  const ruleFiles = new Map<string, string[]>();
  for (const { path, mode, id } of entries) {
    if (path === undefined) continue;
    base.add(mode === '040000' ? `${path}/` : path);
    const isRuleFile = path === ignoreFile || path.endsWith(`/${ignoreFile}`);
    if (isRuleFile && mode.startsWith('100')) {
      ruleFiles.set(id, [...(ruleFiles.get(id) ?? []), path]);
    }
  }
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for await (const { id, bytes } of readObjects(store.place, [...ruleFiles.keys()])) {
    for (const path of ruleFiles.get(id) ?? []) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), bytes);
    }
  }
  return new BaseTracking(base, ruleFiles.size > 0 ? rulesAt(store, folder) : undefined);
}

function rulesAt(store: SnapshotStore, folder: string): GitPlace {
  const env = { ...store.place.env, GIT_WORK_TREE: folder, GIT_LITERAL_PATHSPECS: '0' };
  return { ...store.place, cwd: folder, env };
}

class BaseTracking implements Tracking {
  private readonly base: ReadonlySet<string>;
  private readonly rules: GitPlace | undefined;
  private readonly ignored = new Map<string, boolean>();

  constructor(base: ReadonlySet<string>, rules: GitPlace | undefined) {
    this.base = base;
    this.rules = rules;
  }

  verdict(path: string): Verdict {
    if (this.rules === undefined || this.base.has(path)) return 'tracked';
    const ignored = this.ignored.get(path);
    return ignored === undefined ? 'undecided' : ignored ? 'ignored' : 'tracked';
  }

  async decide(paths: readonly string[]): Promise<void> {
    if (this.rules === undefined || paths.length === 0) return;
    const args = ['check-ignore', '--no-index', '--stdin', '-z'];
    // A path that begins with a dot and a slash is never read as a pattern of paths.
    const stdin = paths.map((path) => `./${path}\0`).join('');
    const outcome = await tryGit(this.rules, { args, stdin });
    // Exit code 1 says that none of the paths is ignored.
    if (outcome.exitCode > 1) throw new GitError(args, outcome);
    const matched = new Set(outcome.stdout.toString().split('\0'));
    for (const path of paths) this.ignored.set(path, matched.has(`./${path}`));
  }
}
