import { leafDigest, type Digest, type KeyId, type Signer } from '@chancery/kernel/encoding';
import type { LedgerStore } from '@chancery/kernel/ledger';
import { refusal, RefusalError } from '@chancery/kernel/refusal';
import { originOf, signCheckpoint } from '@chancery/kernel/tree';
import { keysEverTrustedFor } from '@chancery/kernel/writ';
import { Authority } from '../authority/index.ts';
import { Growing } from './growing.ts';
import type { HeldLease } from './lease.ts';
import { nodesToProve, readGrowth } from './nodes.ts';
import {
  checkpointPath,
  latestCheckpoint,
  openSigned,
  type SignedCheckpoint,
} from './signed-checkpoint.ts';
import { headsAt } from './stream-heads.ts';
import type { TileStore } from './tile-store.ts';

export interface LogOptions {
  readonly store: LedgerStore;
  readonly tiles: TileStore;
  /** Id of the ledger. */
  readonly ledger: Digest;
}

const utf8 = new TextEncoder();

/** Lets the tree grow once, see `Integration`. The caller holds the lease. */
export async function integrate(
  options: LogOptions,
  signer: Signer,
  lease?: HeldLease,
): Promise<SignedCheckpoint> {
  return new Integration(options, signer).grow(lease);
}

/**
 * Integrates a ledger into its tree, growth by growth, off the write path. One at a time: the
 * caller holds a lease while it grows, and others may have let it grow since.
 */
export class Integration {
  readonly #options: LogOptions;
  readonly #signer: Signer;
  readonly #authority: Authority;
  /** The tree as this process left it, and the checkpoint that says so. */
  #left: { readonly growing: Growing; readonly note: string } | undefined;

  constructor(options: LogOptions, signer: Signer) {
    this.#options = options;
    this.#signer = signer;
    this.#authority = new Authority(options.store, options.ledger);
  }

  /**
   * Lets the tree grow by all that the ledger has beyond its latest checkpoint, and signs a new
   * one. What was written before a crash is written again, the same bytes; the checkpoint comes
   * last, never goes back, and is not written by one who has lost the lease.
   * @throws {RefusalError} `checkpoint.invalid`; `tile.missing` and `tile.invalid` when the tiles are
   * not those of the checkpoint; `ledger.corrupt` when the ledger does not go on from it;
   * `ledger.busy` when the lease was lost.
   */
  async grow(lease?: HeldLease): Promise<SignedCheckpoint> {
    const { store, tiles, ledger } = this.#options;
    const latest = await latestCheckpoint(tiles, ledger, await this.#predecessors());
    const size = latest?.checkpoint.size ?? 0;
    await checkContinues(this.#options, size);
    const isDurable = latest !== undefined && this.#left?.note === latest.note;
    const growing = await this.#resume(latest);
    await growing.read(store);
    if (latest !== undefined && growing.size === size) {
      // Who wrote it may have died, or failed, between putting it in its place and the barrier.
      if (!isDurable) await this.#write(latest.note, lease);
      return this.#leave(growing, latest);
    }
    await growing.finish();
    const checkpoint = growing.checkpoint(originOf(ledger));
    const note = signCheckpoint(checkpoint, [this.#signer]);
    await this.#write(note, lease);
    return this.#leave(growing, { checkpoint, note });
  }

  /**
   * Keys that may have signed the checkpoint that is gone on from: another may have been here before.
   * Whether it is to be believed is no question here, since the tree is that of the entries.
   */
  async #predecessors(): Promise<readonly KeyId[]> {
    if ((await this.#options.store.head('ledger')) === null) return [this.#signer.id];
    const trust = await this.#authority.trust();
    return [...new Set([this.#signer.id, ...keysEverTrustedFor(trust, 'run')])];
  }

  async #write(note: string, lease: HeldLease | undefined): Promise<void> {
    if ((await lease?.isHeld()) === false) throw lostLease();
    await this.#options.tiles.write(checkpointPath, utf8.encode(note));
  }

  /** What fails half-way is not left, and taken up from the tiles again. */
  async #resume(latest: SignedCheckpoint | undefined): Promise<Growing> {
    const { store, tiles } = this.#options;
    const left = this.#left;
    this.#left = undefined;
    if (left !== undefined && left.note === latest?.note) return left.growing;
    const growth = await readGrowth(tiles, latest?.checkpoint);
    return new Growing(tiles, growth, await headsAt(store, latest?.checkpoint.size ?? 0));
  }

  #leave(growing: Growing, signed: SignedCheckpoint): SignedCheckpoint {
    this.#left = { growing, note: signed.note };
    return signed;
  }
}

/**
 * Takes over a checkpoint that was signed elsewhere, of a ledger that has been brought here: lets the
 * tree grow up to it, and keeps the note. A log that is as far already is left alone. For one at a time.
 * @throws {RefusalError} `checkpoint.invalid` when the entries give another head, or none of `keys`
 * has signed it; otherwise as `integrate`.
 */
export async function adopt(
  options: LogOptions,
  note: string,
  keys: readonly KeyId[],
): Promise<void> {
  const { store, tiles, ledger } = options;
  const { checkpoint } = openSigned(note, ledger, keys);
  const latest = await latestCheckpoint(tiles, ledger, keys);
  const size = latest?.checkpoint.size ?? 0;
  if (latest !== undefined && size >= checkpoint.size) return;
  await checkContinues(options, size);
  const growth = await readGrowth(tiles, latest?.checkpoint);
  const growing = new Growing(tiles, growth, await headsAt(store, size));
  await growing.read(store, checkpoint.size);
  const head = growing.checkpoint(checkpoint.origin);
  if (head.size !== checkpoint.size || head.root !== checkpoint.root) {
    const why = 'the checkpoint is not one of the entries that are here';
    throw new RefusalError(refusal('checkpoint.invalid', why));
  }
  await growing.finish();
  await tiles.write(checkpointPath, utf8.encode(note));
}

/** The ledger still has the last entry that its checkpoint saw. */
async function checkContinues({ store, tiles }: LogOptions, size: number): Promise<void> {
  if (size === 0) return;
  const [last] = await store.readAll(size - 1, 1);
  const nodes = await nodesToProve(tiles, [size - 1], size);
  const seen = nodes(0, size - 1);
  if (!seen.ok) throw new RefusalError(seen.refusal);
  if (last !== undefined && leafDigest(last.text) === seen.value) return;
  const why = `the ledger does not go on from its checkpoint of ${size} entries`;
  throw new RefusalError(refusal('ledger.corrupt', why));
}

function lostLease(): RefusalError {
  return new RefusalError(refusal('ledger.busy', 'the lease was lost while the tree grew'));
}
