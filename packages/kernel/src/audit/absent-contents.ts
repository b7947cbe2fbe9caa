import type { Digest } from '../encoding/index.ts';
import type { Content, StoredEntry } from '../ledger/index.ts';
import type { Finding, Place, Verifier } from '../replay/index.ts';

type BlobReference = Extract<Content, { readonly blob: unknown }>['blob'];

/** A content outside its entry that the audit could not read. */
interface Absent {
  readonly place: Place;
  readonly digest: Digest;
  /** The key that it is sealed with: no evidence holds it. */
  readonly key: string | undefined;
  /** Whether its bytes were given, sealed as they are. */
  readonly isGiven: boolean;
}

/** What the whole ledger says of the contents that an audit could not read. */
export interface AbsentVerdict {
  /** Different contents that were pruned, or erased, by a signed word. */
  readonly pruned: number;
  readonly erased: number;
  /** Contents that were not given though nobody has had them removed, once for each entry. */
  readonly missing: number;
  /** The first content whose bytes were not given, and that nobody has pruned. */
  readonly lost: { readonly digest: Digest; readonly place: Place } | undefined;
  /** Positions of entries of which everything that could not be read was removed by a signed word. */
  readonly explained: ReadonlySet<number>;
}

/** Findings that say no more than that a content could not be read. */
const unreadCodes: readonly Finding['code'][] = ['content.unread', 'gate.unread'];

/** Accounts for the contents that stand outside their entries and could not be read. */
export class AbsentContents {
  private readonly absent: Absent[] = [];

  take(
    { stream, seq, position }: StoredEntry,
    { digest, key }: BlobReference,
    isGiven: boolean,
  ): void {
    if (isGiven && key === undefined) return;
    this.absent.push({ place: { stream, seq, position }, digest, key, isGiven });
  }

  /** After all entries: what was removed is told by later ones. */
  finish(verifier: Pick<Verifier, 'removals' | 'isPrunedAfter'>): AbsentVerdict {
    const { erased } = verifier.removals;
    const ofPruned = new Set<Digest>();
    const ofErased = new Set<Digest>();
    const explained = new Set<number>();
    const unexplained = new Set<number>();
    let missing = 0;
    let lost: Absent | undefined;
    for (const each of this.absent) {
      const { place, digest, key, isGiven } = each;
      const isPruned = !isGiven && verifier.isPrunedAfter(digest, place.position);
      const isErased = !isPruned && key !== undefined && erased.has(key);
      if (isPruned) ofPruned.add(digest);
      if (isErased) ofErased.add(digest);
      if (!isGiven && !isPruned) lost ??= each;
      if (!isGiven && !isPruned && !isErased) missing += 1;
      (isPruned || isErased ? explained : unexplained).add(place.position);
    }
    for (const position of unexplained) explained.delete(position);
    return { pruned: ofPruned.size, erased: ofErased.size, missing, lost, explained };
  }
}

/** Without those that a signed word explains. */
export function unexplainedFindings(
  findings: readonly Finding[],
  explained: ReadonlySet<number>,
): readonly Finding[] {
  return findings.filter(
    ({ code, position }) => !unreadCodes.includes(code) || !explained.has(position),
  );
}
