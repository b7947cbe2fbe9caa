import type { KeyId } from '../encoding/index.ts';
import type { Verification } from '../replay/index.ts';
import type { Refusal } from '../refusal/index.ts';

/** What was signed about a ledger, and holds. */
export interface HeadVerdict {
  /** Entries that the checkpoint covers. */
  readonly size: number;
  readonly root: string;
  /** Keys of the log that have signed it. */
  readonly log: readonly KeyId[];
  /** Witnesses that have cosigned it, and when they say that they did, in seconds since the epoch. */
  readonly witnesses: readonly { readonly name: string; readonly timeS: number }[];
}

/** What an audit came to. */
export interface Verdict {
  /** Whether every entry and every checkpoint that was given holds, and no content is missing that has to be here. */
  readonly ok: boolean;
  readonly verification: Verification;
  /** Checkpoints that hold, in the order in which they were given, without those of anchors. */
  readonly heads: readonly HeadVerdict[];
  /** How many of the checkpoints that anchors keep hold. */
  readonly anchored: number;
  /** Why the others do not, and why the evidence is not whole. */
  readonly refusals: readonly Refusal[];
  /** Contents that entries name and that were not given, though nobody has had them removed. */
  readonly missingContents: number;
  /** Different contents that were pruned, and erased, by a signed entry. */
  readonly pruned: number;
  readonly erased: number;
}
