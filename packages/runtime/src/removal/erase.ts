import type { Digest } from '@chancery/kernel/encoding';
import { contentsOf, readEntry, type LedgerStore } from '@chancery/kernel/ledger';
import { done, refusal, refused, RefusalError, type Result } from '@chancery/kernel/refusal';
import { signErasure } from '@chancery/kernel/removal';
import { recordRemoval, type RemovalRequest } from './prune.ts';
import { readLedgerState } from './removals-state.ts';
import type { SubjectKeys } from './subject-keys.ts';

/** What erasing a subject would make unreadable. */
export interface ErasurePlan {
  readonly keys: readonly Digest[];
  /** Ids of the runs that have contents of the subject. */
  readonly runs: readonly string[];
  /** Of these, the ones that have not ended. */
  readonly open: readonly string[];
  readonly contents: number;
}

const pageSize = 1_000;

/**
 * Finds what belongs to a subject, in one pass over the ledger. Refuses `subject.unknown`.
 * @throws {RefusalError} `ledger.corrupt` for an entry that cannot be read.
 */
export async function planErasure(
  store: LedgerStore,
  keys: SubjectKeys,
  subject: string,
): Promise<Result<ErasurePlan>> {
  const found = keys.find(subject);
  if (!found.ok) return found;
  if (found.value.length === 0) {
    return refused('subject.unknown', `there is no key of a subject ${JSON.stringify(subject)}`);
  }
  const open = new Set<string>();
  const runs = new Set<string>();
  const contents = new Set<string>();
  for (let position = 0; ;) {
    const page = await store.readAll(position, pageSize);
    for (const stored of page) {
      const { text, stream, seq } = stored;
      const named = found.value.some((key) => text.includes(key));
      const ends = runs.has(stream) && text.includes('"kind":"run.finished"');
      if (!named && !ends) continue;
      const read = readEntry(stored);
      if (!read.ok) {
        const why = `entry ${seq} of ${stream}: ${read.refusal.message}`;
        throw new RefusalError(refusal('ledger.corrupt', why));
      }
      const { entry } = read.value;
      if (entry.kind === 'run.started') for (const set of [runs, open]) set.add(stream);
      if (entry.kind === 'run.finished') open.delete(stream);
      for (const content of contentsOf(entry)) {
        if ('inline' in content || !found.value.includes(content.blob.key ?? '')) continue;
        contents.add(content.blob.digest);
      }
    }
    position += page.length;
    if (page.length < pageSize) break;
  }
  const ids = (streams: Set<string>) => [...streams].map((name) => name.slice('run:'.length));
  return done({ keys: found.value, runs: ids(runs), open: ids(open), contents: contents.size });
}

/**
 * Erases a subject: an entry for each of its keys, and then the key. Cut off in between, the entry
 * is there, nothing is read by the key any more, and it is destroyed when erasing is asked for
 * again. Refuses `approval.not-approver`, and as destroying a key does.
 */
export async function eraseKeys(
  request: RemovalRequest,
  keys: SubjectKeys,
  ids: readonly Digest[],
): Promise<Result<null>> {
  const { store, ledger, by, reason } = request;
  for (const key of ids) {
    const { removals } = await readLedgerState(store);
    if (!removals.erased.has(key)) {
      const recorded = await recordRemoval(request, (after) => ({
        stream: 'ledger',
        kind: 'subject.erased',
        body: { envelope: signErasure({ ledger, after, key, reason }, by) },
      }));
      if (!recorded.ok) return recorded;
    }
    const destroyed = keys.destroy(key);
    if (!destroyed.ok) return destroyed;
  }
  return done(null);
}
