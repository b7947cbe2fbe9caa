import type { Bundle } from '@chancery/kernel/policy';
import { workspacesOf } from '../compose/house.ts';
import { granted, refuse } from '../exit.ts';
import type { Session } from '../session.ts';

export interface RepositoryFlags {
  /** A folder of a repository. */
  readonly repo?: string;
}

/** The repository that a folder lies in, by the name that runs on it give it. Refuses `repo.missing`. */
export async function repositoryNamed(
  { home }: Session,
  { repo }: RepositoryFlags,
): Promise<string | undefined> {
  if (repo === undefined) return undefined;
  return granted(await (await workspacesOf(home)).rootOf(repo));
}

/** The one repository that a policy is to decide on. Refuses `usage.invalid`, and `repo.missing`. */
export async function repositoryFor(
  session: Session,
  { level }: Bundle,
  flags: RepositoryFlags,
): Promise<string | undefined> {
  if (flags.repo !== undefined && level !== 'repository') {
    refuse('usage.invalid', `a policy of the level ${level} is for no repository`, {
      remedy: 'Say --level repository, or leave --repo out.',
    });
  }
  return repositoryNamed(session, flags);
}
