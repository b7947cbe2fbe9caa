import type { Amounts } from '../account/index.ts';
import type { Effect, KnownCapability, Normalised, Risk } from '../contract/index.ts';
import type { Channels } from '../channel/index.ts';
import type { Halt } from '../control/index.ts';
import type { Digest, Json, JsonObject, KeyId } from '../encoding/index.ts';
import type { CedarValue, PolicySet, RuleMark } from '../policy/index.ts';
import type { Refusal, Result } from '../refusal/index.ts';
import type { World } from '../world/index.ts';
import type { IssuedAt, ReadWrit, Trust } from '../writ/index.ts';

/** The stages, in their order. */
export const stageNames = [
  'controls',
  'intent',
  'writ',
  'revocation',
  'window',
  'capability',
  'args',
  'scope',
  'preconditions',
  'budget',
  'policy',
  'holds',
  'emit',
] as const;

export type StageName = (typeof stageNames)[number];

export type IntentKind = 'act' | 'query' | 'delegate' | 'remember' | 'reconcile';

/** The only thing that cognition can emit. It has no authority. */
export interface Intent {
  readonly kind: IntentKind;
  readonly capability: string;
  readonly args: JsonObject;
  readonly rationale: string;
  /** Accepted once per trajectory. */
  readonly nonce: string;
}

/** What is approved and what execution is keyed by; the same whenever it is compiled again. */
export interface Action {
  readonly ledger: Digest;
  readonly stream: string;
  readonly intent: Digest;
  readonly writ: Digest;
  readonly contract: Digest;
  readonly capability: string;
  readonly normalisedArgs: JsonObject;
  readonly resolved: Json;
}

/** A human's answer to a hold, folded from the approval's stream. */
export interface Resolution {
  readonly action: Digest;
  /** The channel that it was held on; it may have been answered on another that was asked after it. */
  readonly channel: string;
  readonly outcome: 'granted' | 'denied' | 'expired';
  /** Keys that voted for it; checked again against `trust` when it is used. */
  readonly voters: readonly KeyId[];
  /** On what channel it was answered, and whose answers were asked for there. */
  readonly asked: { readonly channel: string; readonly of: readonly KeyId[] };
  readonly quorum: number;
  readonly expiresAt: number;
  /** Whether an execution was already released by it. */
  readonly used: boolean;
}

/** Facts of the trajectory that policy may ask for; computed by the runtime, never by cognition. */
export interface TrajectoryFacts {
  /** What it may have seen, see `labels.ts`; in the order in which they came. */
  readonly labels: readonly string[];
  /** Executions that left the machine after it saw text of strangers. */
  readonly egressAfterUntrusted: number;
  readonly commits: number;
  readonly refusals: number;
  readonly depth: number;
}

/** All recorded inputs of one compilation. Compile reads nothing else. */
export interface CompileInput {
  readonly ledger: Digest;
  readonly stream: string;
  /** Key that the proposer authenticated as. */
  readonly actor: KeyId;
  readonly nowMs: number;
  /** As it was proposed; not yet trusted to have the form of an `Intent`. */
  readonly intent: unknown;
  /** Controls that concern this trajectory; what each of them stops is told by its mode. */
  readonly controls: readonly Halt[];
  /** Digest of the intent that a nonce was used by, in this trajectory. */
  readonly nonceUsedBy: (nonce: string) => Digest | undefined;
  /** The writ and its ancestors, the writ itself first. */
  readonly chain: readonly ReadWrit[];
  /** Positions at which they were issued; one that is not told is judged as if it were issued now. */
  readonly issuedAt?: IssuedAt;
  readonly trust: Trust;
  readonly isRevoked: (writ: Digest) => boolean;
  readonly capability: KnownCapability | undefined;
  /** Digest of the contract that the run pinned under this name. */
  readonly pinnedContract: Digest | undefined;
  /** Outcome of normalising; undefined when the arguments did not satisfy the schema. */
  readonly normalised: Result<Normalised> | undefined;
  /** Name of the kind of secret that a text holds literally, or undefined. */
  readonly findSecret: (text: string) => string | undefined;
  readonly world: World;
  /** Conditions of the capability on the world; undefined when they hold. */
  readonly checkPreconditions: (args: JsonObject, world: World) => Refusal | undefined;
  /** What is left in the writ's account. */
  readonly available: Amounts;
  readonly policy: PolicySet;
  readonly channels: Channels;
  readonly facts: TrajectoryFacts;
  /** Actions of this risk or above are held. */
  readonly riskThreshold: Risk;
  /** The repository that the run works on, as its start names it; undefined where it is of none. */
  readonly repository?: string | undefined;
  /** Globs (`dir/**`, `*.ext`, exact paths) of files whose change is held. */
  readonly protectedPaths: readonly string[];
  readonly resolution: Resolution | undefined;
}

/**
 * What policy was asked about an action, as its proposal records it: with the key of the proposer it
 * is the whole question, so that the decision can be made again.
 */
export interface Question {
  readonly action: IntentKind;
  readonly capability: {
    readonly effect: Effect;
    /** Digest of its manifest; absent where it is built in. */
    readonly manifest?: Digest;
    readonly name: string;
    readonly risk: Risk;
    readonly version: string;
  };
  /** Whether the runtime can undo its effect, as its contract says; absent in what older versions asked. */
  readonly compensable?: boolean;
  /** As the published Cedar schema has it. */
  readonly context: Readonly<Record<string, CedarValue>>;
  /** Names of the built-in reasons to hold the action, whatever policy says. */
  readonly holds: readonly string[];
}

export interface Hold {
  readonly channel: string;
  readonly quorum: number;
  readonly reason: string;
  /** Id of the rule that asks for it, or the name of the built-in reason. */
  readonly rule: string;
}

export type Verdict = 'pass' | 'refuse' | 'hold' | 'unreached';

/** Verdict of every stage. */
export type Trace = Readonly<Record<StageName, Verdict>>;

export type CompileOutcome =
  | {
      readonly kind: 'staged';
      readonly intent: Intent;
      readonly action: Action;
      readonly actionDigest: Digest;
      readonly question: Question;
      readonly effects: readonly Effect[];
      readonly reserved: Amounts;
      readonly trace: Trace;
      readonly rules: readonly RuleMark[];
    }
  | {
      readonly kind: 'suspended';
      readonly intent: Intent;
      readonly action: Action;
      readonly actionDigest: Digest;
      readonly question: Question;
      readonly effects: readonly Effect[];
      readonly hold: Hold;
      readonly trace: Trace;
      readonly rules: readonly RuleMark[];
    }
  | {
      readonly kind: 'rejected';
      /** Digest of the intent; null when it could not be read as one. */
      readonly intentDigest: Digest | null;
      readonly refusal: Refusal;
      /** Undefined where an earlier stage refused. */
      readonly question: Question | undefined;
      readonly trace: Trace;
      readonly rules: readonly RuleMark[];
    };
