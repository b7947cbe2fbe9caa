import type { Digest } from '../encoding/index.ts';
import type { Head, SealedEntry } from '../ledger/index.ts';
import { done, refused, type Refused, type Result } from '../refusal/index.ts';
import type { Checkpoint } from './checkpoint.ts';
import { headOf, verifyHead, type HeadProof } from './heads-proof.ts';
import { verifyInclusion, type InclusionProof } from './inclusion.ts';

/** What is claimed to be all entries of a stream, and why. */
export interface StreamClaim {
  readonly ledger: Digest;
  readonly stream: string;
  /** In order, each as `readEntry` gives it: with the digest of its text. */
  readonly entries: readonly SealedEntry[];
  /** Inclusion of the closing entry, or the head of the stream in the map of the checkpoint. */
  readonly proof: InclusionProof | HeadProof;
  /** As `openCheckpoint` gives it. */
  readonly checkpoint: Checkpoint;
}

/**
 * Why nothing is missing at the end: the run has finished, and a run that has finished goes on no
 * more; or the checkpoint says which entry was the last.
 */
export type Completeness = 'closed' | 'open';

/**
 * Whether these are all entries of the stream: none missing at the beginning, between, or at the
 * end. Says nothing of what the entries mean. Refuses `stream.incomplete`, telling which are missing
 * (`details.from`, `details.to`, both inclusive), and `proof.invalid`.
 */
export function checkCompleteness(claim: StreamClaim): Result<Completeness> {
  const wrong = checkLinks(claim);
  if (wrong !== undefined) return wrong;
  return claim.proof.type === 'head'
    ? checkOpen(claim, claim.proof)
    : checkClosed(claim, claim.proof);
}

function checkLinks({ ledger, stream, entries }: StreamClaim): Refused | undefined {
  let prev: Digest | null = ledger;
  for (const [seq, { entry, digest }] of entries.entries()) {
    if (entry.stream !== stream) return broken(`${entry.stream} is another stream than ${stream}`);
    if (entry.seq > seq) return missing(stream, seq, entry.seq - 1);
    if (entry.seq < seq) return broken(`entry ${entry.seq} of ${stream} comes again`);
    const isGenesis = entry.prev === null && digest === ledger;
    if (entry.prev !== prev && !(seq === 0 && isGenesis)) {
      return broken(`entry ${seq} of ${stream} does not follow the one before`);
    }
    prev = digest;
  }
  return undefined;
}

function checkOpen(claim: StreamClaim, proof: HeadProof): Result<Completeness> {
  const { stream, entries, checkpoint } = claim;
  if (checkpoint.heads === undefined) return broken('the checkpoint tells no stream heads');
  if (proof.stream !== stream) return broken(`it speaks of ${proof.stream}`);
  const why = verifyHead(proof, checkpoint.heads);
  if (why !== undefined) return { ok: false, refusal: why };
  const head: Head | null = headOf(proof);
  const last = entries.at(-1);
  const length = head === null ? 0 : head.seq + 1;
  if (entries.length < length) return missing(stream, entries.length, length - 1);
  if (entries.length > length) {
    return broken(`${stream} had ${length} entries at the checkpoint, here are ${entries.length}`);
  }
  return last?.digest === head?.digest
    ? done('open')
    : broken(`the last entry of ${stream} is not its head`);
}

function checkClosed(claim: StreamClaim, proof: InclusionProof): Result<Completeness> {
  const { stream, entries, checkpoint } = claim;
  const last = entries.at(-1);
  // An approval that is resolved can be requested again, a writ that is closed can be revoked.
  if (last?.entry.kind !== 'run.finished') {
    return broken(`${stream} does not end with the entry that closes a run`);
  }
  if (proof.size !== checkpoint.size) return broken('it is of another size than the checkpoint');
  const why = verifyInclusion(proof, last.digest, checkpoint.root);
  return why === undefined ? done('closed') : { ok: false, refusal: why };
}

function missing(stream: string, from: number, to: number): Refused {
  const which = from === to ? `entry ${from}` : `entries ${from} to ${to}`;
  return refused('stream.incomplete', `${which} of ${stream} are not here`, {
    details: { stream, from, to },
  });
}

function broken(message: string): Refused {
  return refused('proof.invalid', `completeness is not shown: ${message}`);
}
