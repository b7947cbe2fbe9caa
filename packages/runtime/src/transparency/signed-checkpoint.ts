import type { Digest, KeyId } from '@chancery/kernel/encoding';
import { refusal, RefusalError } from '@chancery/kernel/refusal';
import {
  ledgerVerifier,
  openCheckpoint,
  originOf,
  type Checkpoint,
  type CheckpointTrust,
} from '@chancery/kernel/tree';
import type { TileStore } from './tile-store.ts';

/** A checkpoint whose signature by the log has been verified. */
export interface SignedCheckpoint {
  readonly checkpoint: Checkpoint;
  /** The signed note, as it is stored and served. */
  readonly note: string;
}

/** Where the latest checkpoint stands (C2SP tlog-tiles). */
export const checkpointPath = 'checkpoint';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Believes the log of a ledger by one of its own keys, and asks for no witness. */
function logTrust(ledger: Digest, keys: readonly KeyId[]): CheckpointTrust {
  return {
    origin: originOf(ledger),
    log: keys.map((key) => ledgerVerifier(ledger, key)),
    witnesses: [],
    quorum: 0,
  };
}

/**
 * The latest checkpoint of a ledger's log, signed by one of `keys`; undefined while there is none.
 * @throws {RefusalError} `checkpoint.invalid`.
 */
export async function latestCheckpoint(
  tiles: TileStore,
  ledger: Digest,
  keys: readonly KeyId[],
): Promise<SignedCheckpoint | undefined> {
  const bytes = await tiles.read(checkpointPath);
  if (bytes === undefined) return undefined;
  const note = noteText(bytes);
  return openSigned(note, ledger, keys);
}

/**
 * A checkpoint of a ledger's log that one of `keys` has signed.
 * @throws {RefusalError} `checkpoint.invalid`.
 */
export function openSigned(note: string, ledger: Digest, keys: readonly KeyId[]): SignedCheckpoint {
  const opened = openCheckpoint(note, logTrust(ledger, keys));
  if (!opened.ok) throw new RefusalError(opened.refusal);
  return { checkpoint: opened.value.checkpoint, note };
}

/** The text of a note that was kept. @throws {RefusalError} `checkpoint.invalid` for what is no text. */
export function noteText(bytes: Uint8Array): string {
  try {
    return strictUtf8.decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new RefusalError(refusal('checkpoint.invalid', 'the checkpoint is not UTF-8'));
  }
}
