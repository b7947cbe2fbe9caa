import type { StageName } from '@chancery/kernel/compiler';
import type { Digest } from '@chancery/kernel/encoding';
import type { Entry } from '@chancery/kernel/ledger';
import type { ActiveSet, Level, PolicyVerdict, PolicySet, Bundle } from '@chancery/kernel/policy';

/** What is tried in place of what was active. */
export type Trial =
  /** A bundle takes the place of the active one of its level and name, or stands beside the others. */
  | {
      readonly kind: 'with';
      readonly bundle: Bundle;
      /** The one that it is to decide on; undefined: that of the one whose place it takes, or all. */
      readonly repository?: string | undefined;
    }
  /** What is active under this level and name decides no more. */
  | { readonly kind: 'without'; readonly level: Level; readonly name: string };

/** What would have decided at a place of the ledger, beside what did. */
export interface TrialSets {
  readonly active: PolicySet;
  readonly tried: PolicySet;
}

/** The same, before the policies of a run narrow them. */
export interface ActiveSets extends TrialSets {
  readonly active: ActiveSet;
  readonly tried: ActiveSet;
}

/** An entry that tells how an intent was decided. */
export type Proposal =
  Entry<'proposal.staged'> | Entry<'proposal.suspended'> | Entry<'proposal.rejected'>;

/** Who is asked about an action that is held, and how many of them must approve. */
export interface Asking {
  readonly channel: string;
  readonly quorum: number;
}

/** What came of an action by policy and by the built-in holds, before any human was asked. */
export interface Ruling {
  readonly verdict: PolicyVerdict['kind'];
  /** Of a hold, and of nothing else. */
  readonly asks: Asking | null;
  /** `level/id` of the rules that made it so, and names of built-in holds; none for a default denial. */
  readonly by: readonly string[];
}

/** A decision that would have been another one. */
export interface Flipped {
  readonly kind: 'flipped';
  readonly capability: string;
  readonly before: Ruling;
  readonly after: Ruling;
}

/** What came of a recorded decision when it was made again. */
export type Redecision =
  /** `otherRules`: the same, but other rules mattered. */
  | { readonly kind: 'same'; readonly otherRules: boolean }
  | Flipped
  /** An earlier flip of the run would have changed what happened, so that nobody knows of this. */
  | { readonly kind: 'diverged' }
  /** It would not have been asked for: the action had been permitted before a human was asked. */
  | { readonly kind: 'moot' }
  /** A stage before policy refused it, whatever policy says. */
  | { readonly kind: 'undecided'; readonly stage: StageName }
  /** What policy was asked is gone, or was not recorded. */
  | { readonly kind: 'unreadable' }
  /** The recorded set, asked the recorded question, does not answer what was recorded. */
  | { readonly kind: 'unreproduced' };

export type RedecisionKind = Redecision['kind'];

/** Every kind, in the order in which they are told. */
export const redecisionKinds: readonly RedecisionKind[] = [
  ...(['same', 'flipped', 'moot', 'diverged', 'undecided', 'unreadable', 'unreproduced'] as const),
];

/** Where a decision is recorded. */
export interface DecisionPlace {
  /** Which of the ledgers that were gone through. */
  readonly source: number;
  readonly run: string;
  readonly seq: number;
  /** In the order of its ledger. */
  readonly position: number;
  /** Digest of the intent; null where it could not be read as one. */
  readonly intent: Digest | null;
}
