import type { KeyId } from '@chancery/kernel/encoding';
import { refusal, RefusalError } from '@chancery/kernel/refusal';
import { emptyGrowth, emptyHeadsMap, tileWidth, type Checkpoint } from '@chancery/kernel/tree';
import { Growing } from './growing.ts';
import type { LogOptions } from './log.ts';
import { latestCheckpoint, type SignedCheckpoint } from './signed-checkpoint.ts';
import type { TileStore } from './tile-store.ts';

/** What was done to the tiles of a tree. */
export interface Rebuilt {
  readonly signed: SignedCheckpoint;
  /** Files that were missing or other than they have to be. */
  readonly written: number;
  /** Files that were as they have to be. */
  readonly sound: number;
}

export interface RebuildOptions extends LogOptions {
  /** Any of which may have signed the checkpoint. */
  readonly keys: readonly KeyId[];
  /** Told how many entries have passed of so many: they pass twice. */
  readonly onProgress?: (passed: number, of: number) => void;
}

/**
 * Computes all tiles and bundles of the latest checkpoint's tree again from the entries, and writes
 * those that are missing or differ. The entries pass twice: what they give is compared with what was
 * signed before the first file is written, since tiles of another tree would be worse than none. The
 * checkpoint is left as it is, and so are partial tiles of earlier ones. For one at a time.
 * @throws {RefusalError} `proof.unavailable` where there is no checkpoint; `checkpoint.invalid` when
 * none of `keys` has signed it, or it tells other heads of streams than its entries have;
 * `ledger.corrupt` when the entries are not those that it was signed for.
 */
export async function rebuild(options: RebuildOptions): Promise<Rebuilt> {
  const { tiles, ledger, keys } = options;
  const signed = await latestCheckpoint(tiles, ledger, keys);
  if (signed === undefined) {
    throw new RefusalError(
      refusal('proof.unavailable', 'there is no checkpoint whose tree could be computed again', {
        remedy: 'Sign one, which writes all tiles anew: `chancery checkpoint`.',
      }),
    );
  }
  const { checkpoint } = signed;
  const nowhere: TileStore = { read: async () => undefined, write: async () => undefined };
  const computed = await grown(options, checkpoint, nowhere, 0);
  checkSame(computed.checkpoint(checkpoint.origin), checkpoint);
  const mending = new MendedTiles(tiles);
  const again = await grown(options, checkpoint, mending, checkpoint.size);
  checkSame(again.checkpoint(checkpoint.origin), checkpoint);
  const { written, sound } = mending;
  return { signed, written, sound };
}

/** The tree of a checkpoint's size, grown out of nothing into these tiles. */
async function grown(
  { store, onProgress }: RebuildOptions,
  { size }: Checkpoint,
  tiles: TileStore,
  passed: number,
): Promise<Growing> {
  const growing = new Growing(tiles, emptyGrowth, emptyHeadsMap);
  for (let next = step; growing.size < size; next += step) {
    await growing.read(store, Math.min(next, size));
    if (growing.size < Math.min(next, size)) break;
    onProgress?.(passed + growing.size, 2 * size);
  }
  await growing.finish();
  return growing;
}

/** Entries between two words on the progress; whole tiles of them. */
const step = 4 * tileWidth;

function checkSame(found: Checkpoint, signed: Checkpoint): void {
  const { size } = signed;
  if (found.size < size) {
    const why = `the checkpoint was signed for ${size} entries, and ${found.size} are here`;
    throw new RefusalError(refusal('ledger.corrupt', why));
  }
  if (found.root !== signed.root) {
    const why = `the first ${size} entries are not those that the checkpoint was signed for`;
    throw new RefusalError(refusal('ledger.corrupt', why));
  }
  if (signed.heads === undefined || found.heads === signed.heads) return;
  const why = 'the checkpoint tells other heads of streams than its own entries have';
  throw new RefusalError(refusal('checkpoint.invalid', why));
}

/** Leaves a file alone that has its bytes already. */
class MendedTiles implements TileStore {
  readonly #tiles: TileStore;
  written = 0;
  sound = 0;

  constructor(tiles: TileStore) {
    this.#tiles = tiles;
  }

  read(path: string): Promise<Uint8Array | undefined> {
    return this.#tiles.read(path);
  }

  async write(path: string, bytes: Uint8Array): Promise<void> {
    if (isSame(await this.read(path), bytes)) {
      this.sound += 1;
      return;
    }
    await this.#tiles.write(path, bytes);
    this.written += 1;
  }
}

function isSame(found: Uint8Array | undefined, bytes: Uint8Array): boolean {
  return found?.length === bytes.length && found.every((byte, at) => byte === bytes[at]);
}
