import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import type { UserRepository } from './user-repository.ts';

/**
 * The repository, where it is apart from the folder of ours, in which keys lie: an agent sees all that a
 * repository holds. Refuses `key.exposed`.
 * @param home absolute path; need not be there yet.
 */
export function apartFrom(repository: UserRepository, home: string): Result<UserRepository> {
  const { root } = repository;
  const way = relative(root, realOf(home));
  if (way === '..' || way.startsWith(`..${sep}`)) return done(repository);
  const message = `${home}, in which your keys lie, is a part of the repository ${root}`;
  return refused('key.exposed', message, {
    remedy: `Move ${home} out of the repository, set CHANCERY_HOME to where it is then, and take out of git what was committed of it.`,
  });
}

/** Where a path leads, as far as it is there. */
function realOf(path: string): string {
  return existsSync(path) ? realpathSync(path) : join(realOf(dirname(path)), basename(path));
}
