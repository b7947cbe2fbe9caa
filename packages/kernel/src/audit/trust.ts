import type { Digest } from '../encoding/index.ts';
import type { Result } from '../refusal/index.ts';
import {
  ledgerVerifier,
  openCheckpoint,
  originOf,
  type OpenedCheckpoint,
  type VerifierKey,
} from '../tree/index.ts';
import { headSigners, type Trust } from '../writ/index.ts';
import { readClaim } from './claim.ts';

/** What an auditor has learnt outside the evidence, and believes. */
export interface AuditTrust {
  /** The pinned id of the ledger. */
  readonly ledger: Digest;
  /**
   * Keys of the log that signs the checkpoints. Undefined: those that the ledger itself trusts to
   * run, which follow from the pinned id.
   */
  readonly log?: readonly VerifierKey[] | undefined;
  readonly witnesses: readonly VerifierKey[];
  /** How many different witnesses must have cosigned a checkpoint. */
  readonly quorum: number;
}

/** A checkpoint that the log and enough witnesses signed; see `openCheckpoint`. */
export function openHead(
  note: string,
  { ledger, log, witnesses, quorum }: AuditTrust,
  known: Trust | undefined,
): Result<OpenedCheckpoint> {
  const own = log ?? keysOf(ledger, known, note);
  return openCheckpoint(note, { origin: originOf(ledger), log: own, witnesses, quorum });
}

/** Those that the ledger trusted to run when it had the size that the checkpoint tells. */
function keysOf(ledger: Digest, known: Trust | undefined, note: string): readonly VerifierKey[] {
  const claim = readClaim(note);
  if (known === undefined || !claim.ok) return [];
  const running = headSigners(known, claim.value.size);
  return running.map((key) => ledgerVerifier(ledger, key));
}
