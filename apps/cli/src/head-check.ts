import { readFileSync } from 'node:fs';
import { leafDigest, type KeyId } from '@chancery/kernel/encoding';
import { type StoredEntry } from '@chancery/kernel/ledger';
import { RefusalError } from '@chancery/kernel/refusal';
import { emptyFrontier, grow, rootOf, type Checkpoint, type Frontier } from '@chancery/kernel/tree';
import { checkpointPath, latestCheckpoint, openSigned } from '@chancery/runtime/transparency';
import { tilesOf } from './compose.ts';
import { refuse, systemCodeOf } from './exit.ts';
import { type Home } from './home.ts';
import { logKeys } from './log-keys.ts';
import { type LedgerSource } from '@chancery/runtime/snapshots';

/** Compares a ledger, as its entries pass by in order, with a checkpoint that was signed earlier. */
export class HeadCheck {
  readonly #checkpoint: Checkpoint;
  #frontier: Frontier = emptyFrontier;

  constructor(checkpoint: Checkpoint) {
    this.#checkpoint = checkpoint;
  }

  take(page: readonly StoredEntry[]): void {
    const covered = page.filter(({ position }) => position < this.#checkpoint.size);
    const leaves = covered.map(({ text }) => leafDigest(text));
    this.#frontier = grow(this.#frontier, leaves);
  }

  /** What is wrong, after all entries; undefined when the ledger goes on from the checkpoint. */
  mismatch(): string | undefined {
    const { size, root } = this.#checkpoint;
    const found = this.#frontier.size;
    if (found < size) {
      return `a checkpoint of ${size} entries was signed, and ${found} are here: the end was cut off`;
    }
    if (rootOf(this.#frontier) === root) return undefined;
    return `the first ${size} entries are not those that a checkpoint was signed for: the ledger was written anew`;
  }
}

/**
 * Checks against the latest checkpoint of the home, and against one in a file that somebody kept.
 * Refuses `checkpoint.invalid` for one that no key of the ledger has signed.
 */
export async function headChecks(
  home: Home,
  source: LedgerSource,
  against: string | undefined,
): Promise<readonly HeadCheck[]> {
  const tiles = await tilesOf(home);
  const isThere = (await tiles.read(checkpointPath)) !== undefined;
  if (against === undefined && !isThere) return [];
  const keys = await knownKeys(source);
  // Verification itself says what is wrong where the keys cannot be read.
  if (keys === undefined) return [];
  const { ledger } = source;
  const latest = await latestCheckpoint(tiles, ledger, keys);
  const kept = against === undefined ? undefined : openSigned(textIn(against), ledger, keys);
  return [latest, kept].flatMap((signed) => (signed ? [new HeadCheck(signed.checkpoint)] : []));
}

async function knownKeys({ store, ledger }: LedgerSource): Promise<readonly KeyId[] | undefined> {
  try {
    return await logKeys(store, ledger);
  } catch (error) {
    const isOfLedger = error instanceof RefusalError && !error.refusal.retryable;
    if (isOfLedger) return undefined;
    throw error;
  }
}

function textIn(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === undefined) throw error;
    return refuse('usage.invalid', `${file} cannot be read (${code})`);
  }
}
