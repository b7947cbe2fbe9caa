import { done, refused, type Result } from '@chancery/kernel/refusal';
import { splitNotes } from '@chancery/kernel/tree';
import type { Repository } from './repository.ts';

/** Where the checkpoint stands in each commit. */
export const checkpointFile = 'checkpoint';

/** Commits whose checkpoints one process of git reads. */
const pageSize = 1_000;
const headForm = /^[0-9a-f]+ blob ([0-9]{1,9})$/;
const [newline] = Buffer.from('\n');

/**
 * The checkpoints of a branch, what was merged into it included: each after those that its commit
 * grew out of. Refuses `anchor.unreachable`, also for a shallow clone, which does not have the older
 * ones, and `anchor.broken`.
 */
export async function notesOf(
  repository: Repository,
  head: string,
): Promise<Result<readonly string[]>> {
  const shallow = await repository.line(['rev-parse', '--is-shallow-repository']);
  if (!shallow.ok) return shallow;
  if (shallow.value !== 'false') return repository.unreachable('it is a shallow clone', unshallow);
  const listed = await repository.line(['rev-list', '--topo-order', '--reverse', head]);
  if (!listed.ok) return listed;
  const commits = listed.value.split('\n');
  const notes: string[] = [];
  for (let from = 0; from < commits.length; from += pageSize) {
    const page = await notesAt(repository, commits.slice(from, from + pageSize));
    if (!page.ok) return page;
    notes.push(...page.value);
  }
  return done(notes);
}

const unshallow =
  'Fetch the rest of it (git fetch --unshallow): older checkpoints are not in a shallow clone.';

/** The checkpoints of these commits, which one process of git reads. */
export async function notesAt(
  repository: Repository,
  commits: readonly string[],
): Promise<Result<readonly string[]>> {
  if (commits.length === 0) return done([]);
  const asked = commits.map((id) => `${id}:${checkpointFile}\n`).join('');
  const answered = await repository.bytes(['cat-file', '--batch'], asked);
  if (!answered.ok) return answered;
  const notes: string[] = [];
  let rest = answered.value;
  for (const id of commits) {
    const end = rest.indexOf(newline ?? 0);
    const size = Number(headForm.exec(rest.toString('utf8', 0, Math.max(0, end)))?.[1]);
    if (Number.isNaN(size)) return broken(`the commit ${id} holds no checkpoint`);
    const split = splitNotes(rest.toString('utf8', end + 1, end + 1 + size));
    if (!split.ok) return split;
    notes.push(...split.value);
    // A newline stands after the content as well.
    rest = rest.subarray(end + 1 + size + 1);
  }
  return done(notes);
}

function broken(why: string): Result<never> {
  return refused('anchor.broken', why);
}
