import { Fault } from '@chancery/kernel/refusal';
import type { ChangedPath, TreeDigest } from '@chancery/runtime/workspace';
import { git, tryGit, GitError, type GitPlace } from './git.ts';

/** A longer diff is cut, and says so in its last line. */
const longestDiffBytes = 32 * 1024 * 1024;

export interface DiffRange {
  readonly from: TreeDigest;
  readonly to: TreeDigest;
  /** Files and folders that it is limited to; none: everything. */
  readonly under: readonly string[];
}

export async function diffBetween(
  place: GitPlace,
  { from, to, under }: DiffRange,
): Promise<string> {
  const args = ['diff-tree', '-r', '-p', '--no-renames', '--no-ext-diff', '--no-textconv'];
  args.push('--no-color', from, to, '--', ...under);
  const request = { args, outputBytes: longestDiffBytes, cut: true };
  const outcome = await tryGit(place, request);
  if (outcome.exitCode !== 0) throw new GitError(args, outcome);
  const text = outcome.stdout.toString();
  return outcome.dropped > 0 ? `${text}\n# cut: ${outcome.dropped} more bytes\n` : text;
}

const changeOf: Readonly<Record<string, ChangedPath['change']>> = {
  A: 'added',
  D: 'deleted',
  M: 'modified',
  T: 'type-changed',
};

export async function changesBetween(
  place: GitPlace,
  from: TreeDigest,
  to: TreeDigest,
): Promise<ChangedPath[]> {
  const args = ['diff-tree', '-r', '-z', '--raw', '--no-abbrev', '--no-renames', from, to];
  const fields = (await git(place, { args })).toString().split('\0');
  const changes: ChangedPath[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [, , oldId, newId, letter = ''] = fields[at]?.split(' ') ?? [];
    const change = oldId === newId && letter === 'M' ? 'mode-changed' : changeOf[letter];
    if (change === undefined) throw new Fault(`git told of a change of kind ${letter}`);
    changes.push({ path: fields[at + 1] ?? '', change });
  }
  return changes;
}
