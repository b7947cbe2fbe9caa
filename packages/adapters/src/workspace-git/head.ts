import { existsSync } from 'node:fs';
import { done, refused, type Refused, type Result } from '@chancery/kernel/refusal';
import { git, refetching, tryGit } from './git.ts';
import type { UserRepository } from './user-repository.ts';

/**
 * Full id of the commit that is checked out. Refuses `repo.no-commits`, and `repo.unreadable` where one
 * is named that is not there.
 */
export async function headCommit({ place, root }: UserRepository): Promise<Result<string>> {
  const asked = async (what: string): Promise<string | undefined> => {
    const { exitCode, stdout } = await tryGit(place, {
      args: ['rev-parse', '-q', '--verify', what],
    });
    return exitCode === 0 ? stdout.toString().trim() : undefined;
  };
  const commit = await asked('HEAD^{commit}');
  if (commit !== undefined) return done(commit);
  const named = await asked('HEAD');
  return named === undefined
    ? refused('repo.no-commits', `${root} is at no commit`)
    : refused('repo.unreadable', `${root} is at ${named}, which is no commit there`, {
        remedy: refetching,
      });
}

const unfinished = [
  ['MERGE_HEAD', 'merge'],
  ['CHERRY_PICK_HEAD', 'cherry-pick'],
  ['REVERT_HEAD', 'revert'],
  ['rebase-merge', 'rebase'],
  ['rebase-apply/applying', 'am'],
  ['rebase-apply', 'rebase'],
  ['BISECT_LOG', 'bisect'],
] as const;

/** Refuses `repo.dirty` where the user is in the middle of something that goes on from where HEAD is. */
export async function unfinishedWork({
  place,
  root,
}: UserRepository): Promise<Refused | undefined> {
  const wanted = unfinished.flatMap(([file]) => ['--git-path', file]);
  const args = ['rev-parse', '--path-format=absolute', ...wanted];
  const files = (await git(place, { args })).toString().split('\n');
  const [, what] = unfinished.find((_, at) => existsSync(files[at] ?? '')) ?? [];
  if (what === undefined) return undefined;
  const ending = what === 'bisect' ? '`git bisect reset`' : `\`git ${what} --abort\``;
  return refused('repo.dirty', `${root} is in the middle of a ${what}`, {
    remedy: `Bring it to its end, or give it up, ${ending}, then apply again.`,
  });
}

export async function headBranch(repository: UserRepository): Promise<string | null> {
  const branch = await tryGit(repository.place, {
    args: ['symbolic-ref', '-q', '--short', 'HEAD'],
  });
  return branch.exitCode === 0 ? branch.stdout.toString().trim() : null;
}
