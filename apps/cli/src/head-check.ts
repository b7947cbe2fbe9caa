import { CheckpointAudit } from '@chancery/kernel/audit';
import { type StoredEntry } from '@chancery/kernel/ledger';
import { type Digest } from '@chancery/kernel/encoding';
import { type Verifier } from '@chancery/kernel/replay';
import { checkpointPath } from '@chancery/runtime/transparency';
import { type LedgerSource } from '@chancery/runtime/snapshots';
import { publishedAt, recordedAnchors } from './anchoring.ts';
import { tilesOf } from './compose.ts';
import { granted } from './exit.ts';
import { type Home } from './home.ts';

/** Signed checkpoints that a ledger has to go on from. */
export interface Checkpoints {
  /** In its home, and at anchors. */
  readonly kept: readonly string[];
  /** That the ledger itself says were published. */
  readonly recorded: readonly string[];
}

/**
 * Compares a ledger, as its entries pass by in order, with the latest checkpoint of its home, and with
 * those that are kept elsewhere.
 */
export class HeadCheck {
  readonly #ledger: Digest;
  /** How many of the checkpoints, the first ones, are kept outside the ledger. */
  readonly #kept: number;
  readonly #audit: CheckpointAudit;

  constructor(ledger: Digest, { kept, recorded }: Checkpoints) {
    this.#ledger = ledger;
    this.#kept = kept.length;
    this.#audit = new CheckpointAudit([...kept, ...recorded]);
  }

  take(stored: StoredEntry, digest: Digest): void {
    this.#audit.take(stored, digest);
  }

  /**
   * What contradicts the ledger, after all entries. Refuses `checkpoint.invalid` for one that is kept
   * and that no key of the ledger has signed; of one that is recorded, verification says so. Where its keys cannot be read, verification itself says what is wrong.
   */
  mismatches({ trust: known }: Verifier): readonly string[] {
    if (known === undefined) return [];
    const trust = { ledger: this.#ledger, witnesses: [], quorum: 0 };
    return this.#audit.judge(trust, known).flatMap((judged, index) => {
      if (judged.ok) return [];
      const { code, message } = judged.refusal;
      if (code === 'checkpoint.mismatch') return [message];
      if (index < this.#kept) granted(judged);
      return [];
    });
  }
}

/**
 * The check against the latest checkpoint of the home, against what is kept at these places, and
 * against what the ledger says was published.
 * Refuses as `publishedAt`.
 */
export async function headCheck(
  home: Home,
  { store, ledger }: LedgerSource,
  against: readonly string[],
): Promise<HeadCheck> {
  const latest = await (await tilesOf(home)).read(checkpointPath);
  const own = latest === undefined ? [] : [new TextDecoder().decode(latest)];
  const kept: string[] = [];
  for (const place of against) kept.push(...granted(await publishedAt(place, ledger)));
  const recorded = await recordedAnchors(store);
  return new HeadCheck(ledger, { kept: [...own, ...kept], recorded });
}
