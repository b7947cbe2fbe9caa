import { type Digest } from '../encoding/index.ts';
import { type Result } from '../refusal/index.ts';
import {
  ledgerVerifier,
  openCheckpoint,
  originOf,
  type OpenedCheckpoint,
  type VerifierKey,
} from '../tree/index.ts';
import { isTrustedFor, type Trust } from '../writ/index.ts';

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
  const own = log ?? keysOf(ledger, known);
  return openCheckpoint(note, { origin: originOf(ledger), log: own, witnesses, quorum });
}

function keysOf(ledger: Digest, known: Trust | undefined): readonly VerifierKey[] {
  if (known === undefined) return [];
  const running = [...known.keys.keys()].filter((key) => isTrustedFor(known, key, 'run'));
  return running.map((key) => ledgerVerifier(ledger, key));
}
