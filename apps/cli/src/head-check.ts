import {
  CheckpointAudit,
  lostAt,
  type HeadVerdict,
  type PublishedRecord,
} from '@chancery/kernel/audit';
import { type StoredEntry } from '@chancery/kernel/ledger';
import { type Digest } from '@chancery/kernel/encoding';
import { type Finding, type Verifier } from '@chancery/kernel/replay';
import { type Result } from '@chancery/kernel/refusal';
import { checkpointPath } from '@chancery/runtime/transparency';
import { type LedgerSource } from '@chancery/runtime/snapshots';
import { publishedAt, recordedAnchors, type Published } from './anchoring.ts';
import { tilesOf } from './compose.ts';
import { granted } from './exit.ts';
import { type Home } from './home.ts';

/** Found of a signed checkpoint: of the ledger as a whole, or of the entry that says where it is. */
export type FoundHead = Omit<Finding, 'code'> & {
  readonly code: Finding['code'] | 'checkpoint.mismatch';
};

const severity = 'tampered';

/** Signed checkpoints that a ledger has to go on from. */
export interface Checkpoints {
  /** In its home. */
  readonly own: readonly string[];
  /** At each of the anchors that were named. */
  readonly published: readonly Published[];
  /** That the ledger itself says were published. */
  readonly recorded: readonly PublishedRecord[];
}

/**
 * Compares a ledger, as its entries pass by in order, with the latest checkpoint of its home, and with
 * those that are kept elsewhere.
 */
export class HeadCheck {
  readonly #ledger: Digest;
  readonly #published: readonly Published[];
  readonly #recorded: readonly PublishedRecord[];
  /** Of those that are kept outside the ledger, then of those that it records. */
  readonly #audit: CheckpointAudit;
  #entries = 0;

  constructor(ledger: Digest, { own, published, recorded }: Checkpoints) {
    this.#ledger = ledger;
    this.#published = published;
    this.#recorded = recorded;
    const kept = [...own, ...published.flatMap(({ notes }) => notes)];
    this.#audit = new CheckpointAudit([...kept, ...recorded.map(({ note }) => note)]);
  }

  take(stored: StoredEntry, digest: Digest): void {
    this.#audit.take(stored, digest);
    this.#entries += 1;
  }

  /**
   * What contradicts the ledger, after all entries. Refuses `checkpoint.invalid` for one that is kept
   * and that no key of the ledger has signed; of one that is recorded, verification says so. Where
   * its keys cannot be read, verification itself says what is wrong.
   */
  found({ trust: known }: Verifier): readonly FoundHead[] {
    const lost = this.#published.flatMap(({ place, notes }) =>
      lostAt(place, notes, this.#recorded),
    );
    if (known === undefined) return lost;
    const trust = { ledger: this.#ledger, witnesses: [], quorum: 0 };
    const judged = this.#audit.judge(trust, known);
    const ofKept = judged.slice(0, judged.length - this.#recorded.length);
    return [
      ...ofKept.flatMap((result) => this.#contradicting(result)),
      ...misstated(this.#recorded, judged.slice(ofKept.length)),
      ...lost,
    ];
  }

  #contradicting(judged: Result<HeadVerdict>): readonly FoundHead[] {
    if (!judged.ok && judged.refusal.code === 'checkpoint.mismatch') {
      const place = { stream: 'ledger', seq: 0, position: this.#entries };
      return [{ severity, code: 'checkpoint.mismatch', ...place, message: judged.refusal.message }];
    }
    granted(judged);
    return [];
  }
}

/** The records whose checkpoint is of other entries; verification tells of more than were here. */
function misstated(
  recorded: readonly PublishedRecord[],
  judged: readonly Result<HeadVerdict>[],
): readonly FoundHead[] {
  return recorded.flatMap(({ at }, index) => {
    const result = judged[index];
    if (result === undefined || result.ok) return [];
    const { code, message, details } = result.refusal;
    const isOfOthers = code === 'checkpoint.mismatch' && Number(details['size']) <= at.position;
    return isOfOthers ? [{ severity, code: 'anchor.misstated', ...at, message }] : [];
  });
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
  // Before the places are read: what is published meanwhile is recorded later, and is missed nowhere.
  const recorded = await recordedAnchors(store);
  const published: Published[] = [];
  for (const place of against) {
    published.push(granted(await publishedAt(place, ledger, recorded)));
  }
  return new HeadCheck(ledger, { own, published, recorded });
}
