import { CheckpointAudit } from '@chancery/kernel/audit';
import { type StoredEntry } from '@chancery/kernel/ledger';
import { type Digest } from '@chancery/kernel/encoding';
import { type Verifier } from '@chancery/kernel/replay';
import { checkpointPath } from '@chancery/runtime/transparency';
import { publishedAt } from './anchoring.ts';
import { tilesOf } from './compose.ts';
import { granted } from './exit.ts';
import { type Home } from './home.ts';

/**
 * Compares a ledger, as its entries pass by in order, with the latest checkpoint of its home, and with
 * those that are kept elsewhere.
 */
export class HeadCheck {
  readonly #ledger: Digest;
  readonly #audit: CheckpointAudit;

  constructor(ledger: Digest, checkpoints: readonly string[]) {
    this.#ledger = ledger;
    this.#audit = new CheckpointAudit(checkpoints);
  }

  take(stored: StoredEntry, digest: Digest): void {
    this.#audit.take(stored, digest);
  }

  /**
   * What contradicts the ledger, after all entries. Refuses `checkpoint.invalid` for one that no key
   * of the ledger has signed. Where its keys cannot be read, verification itself says what is wrong.
   */
  mismatches({ trust: known }: Verifier): readonly string[] {
    if (known === undefined) return [];
    const trust = { ledger: this.#ledger, witnesses: [], quorum: 0 };
    return this.#audit.judge(trust, known).flatMap((judged) => {
      if (judged.ok) return [];
      if (judged.refusal.code !== 'checkpoint.mismatch') granted(judged);
      return [judged.refusal.message];
    });
  }
}

/**
 * The check against the latest checkpoint of the home, and against what is kept at these places.
 * Refuses as `publishedAt`.
 */
export async function headCheck(
  home: Home,
  ledger: Digest,
  against: readonly string[],
): Promise<HeadCheck> {
  const latest = await (await tilesOf(home)).read(checkpointPath);
  const own = latest === undefined ? [] : [new TextDecoder().decode(latest)];
  const kept: string[] = [];
  for (const place of against) kept.push(...granted(await publishedAt(place, ledger)));
  return new HeadCheck(ledger, [...own, ...kept]);
}
