import { openHead, type AuditTrust } from '@chancery/kernel/audit';
import { leafDigest, type Digest } from '@chancery/kernel/encoding';
import { namedPlace, type Head } from '@chancery/kernel/ledger';
import { refusal, RefusalError, type Refusal, type Result } from '@chancery/kernel/refusal';
import {
  headOf,
  verifyConsistency,
  verifyHead,
  verifyInclusion,
  type Checkpoint,
  type ConsistencyProof,
  type HeadProof,
} from '@chancery/kernel/tree';
import { readProof, type GivenProof } from './proof-evidence.ts';

/** What a proof has shown. */
export type Shown =
  | {
      readonly proof: 'inclusion';
      readonly index: number;
      readonly leaf: Digest;
      /** Of the entry, as its text says. */
      readonly stream: string;
      readonly seq: number;
    }
  | { readonly proof: 'consistency'; readonly from: number; readonly to: number }
  /** The last entry of a stream; null where there is no such stream. */
  | { readonly proof: 'head'; readonly stream: string; readonly head: Head | null };

export interface ProofOutcome {
  readonly scope: 'proof';
  readonly ledger: Digest;
  /** Entries that the checkpoint covers. */
  readonly size: number;
  readonly shown: Shown;
}

export interface ProofAsked {
  readonly trust: AuditTrust;
  /** Checkpoints that the auditor has from elsewhere. */
  readonly kept: readonly string[];
  /** Text of an entry that the auditor has. */
  readonly entry: string | undefined;
}

/**
 * Verifies a proof by the checkpoint that came with it, which a key that is trusted, and enough
 * witnesses, must have signed.
 * @throws {RefusalError} `proof.invalid`, `checkpoint.invalid` and `verifier.invalid` for what does not
 * hold; `usage.invalid` where something is missing that it takes.
 */
export function examineProof(text: string, asked: ProofAsked): ProofOutcome {
  const { trust } = asked;
  if (trust.log === undefined) {
    throw wrong('the key of the log is missing: a proof does not tell whom to trust');
  }
  const given = readProof(text);
  const checkpoint = opened(given.checkpoint, trust);
  const shown = shownBy(given, checkpoint, asked);
  return { scope: 'proof', ledger: trust.ledger, size: checkpoint.size, shown };
}

function shownBy(given: GivenProof, checkpoint: Checkpoint, asked: ProofAsked): Shown {
  const { proof } = given;
  switch (proof.type) {
    case 'inclusion':
      return included(given, proof, checkpoint, asked.entry);
    case 'consistency':
      if (asked.entry !== undefined) throw wrong('a proof of growth is about no entry');
      return grown(proof, checkpoint, asked);
    case 'head':
      return ended(proof, checkpoint, asked.entry);
  }
}

type Inclusion = Extract<GivenProof['proof'], { readonly type: 'inclusion' }>;

function included(
  given: GivenProof,
  { index, size, path }: Inclusion,
  checkpoint: Checkpoint,
  own: string | undefined,
): Shown {
  const text = own ?? given.entry;
  if (text === undefined) throw wrong('the entry is missing that the proof is about');
  const leaf = leafDigest(text);
  if (size !== undefined && size !== checkpoint.size) {
    throw unproved('it is of another size than its checkpoint');
  }
  const proof = { type: 'inclusion', index, size: checkpoint.size, path } as const;
  hold(verifyInclusion(proof, leaf, checkpoint.root));
  const place = namedPlace(text);
  if (place === undefined) throw unproved('what it is about does not read as an entry');
  return { proof: 'inclusion', index, leaf, stream: place.stream, seq: place.seq };
}

/** From a checkpoint that was kept to that of the proof, or to another one that was kept. */
function grown(
  proof: ConsistencyProof,
  checkpoint: Checkpoint,
  { kept, trust }: ProofAsked,
): Shown {
  const known = [checkpoint, ...kept.map((note) => opened(note, trust))];
  const [old, grownTo] = [proof.from, proof.to].map((size) => known.find((of) => of.size === size));
  if (old === undefined || grownTo === undefined) {
    const size = old === undefined ? proof.from : proof.to;
    throw wrong(`the checkpoint of ${size} entries is missing: the proof does not tell its root`);
  }
  for (const { size, root } of known) {
    const same = known.find((other) => other.size === size && other.root !== root);
    if (same !== undefined) throw unproved(`two trees of ${size} entries were signed`);
  }
  hold(verifyConsistency(proof, old.root, grownTo.root));
  return { proof: 'consistency', from: proof.from, to: proof.to };
}

function ended(proof: HeadProof, checkpoint: Checkpoint, own: string | undefined): Shown {
  if (checkpoint.heads === undefined) throw unproved('its checkpoint tells no stream heads');
  hold(verifyHead(proof, checkpoint.heads));
  const head = headOf(proof);
  if (own !== undefined && leafDigest(own) !== head?.digest) {
    throw unproved(`the entry that is given is not the last of ${JSON.stringify(proof.stream)}`);
  }
  return { proof: 'head', stream: proof.stream, head };
}

function opened(note: string, trust: AuditTrust): Checkpoint {
  return granted(openHead(note, trust, undefined)).checkpoint;
}

function hold(refused: Refusal | undefined): void {
  if (refused !== undefined) throw new RefusalError(refused);
}

function granted<T>(result: Result<T>): T {
  if (!result.ok) throw new RefusalError(result.refusal);
  return result.value;
}

function unproved(message: string): RefusalError {
  return new RefusalError(refusal('proof.invalid', message));
}

function wrong(message: string): RefusalError {
  const remedy =
    'Give the key with --key, the entry with --entry FILE, each checkpoint with --checkpoint FILE.';
  return new RefusalError(refusal('usage.invalid', message, { remedy }));
}
