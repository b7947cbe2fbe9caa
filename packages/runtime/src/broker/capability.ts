import type { Amounts } from '@chancery/kernel/account';
import type { Contract, Normalised } from '@chancery/kernel/contract';
import type { Digest, JsonObject } from '@chancery/kernel/encoding';
import type { Action } from '@chancery/kernel/compiler';
import type { DeclaredPrograms } from '@chancery/kernel/programs';
import type { Refusal, Result } from '@chancery/kernel/refusal';
import type { Delta, World } from '@chancery/kernel/world';
import type { Egress } from './egress.ts';
import type { Sandbox } from './sandbox.ts';
import type { TreeDigest } from '../workspace/index.ts';

/** Where a capability works. */
export interface Surroundings {
  /** Absolute real path of the run's worktree. */
  readonly root: string;
  readonly sandbox: Sandbox;
  /** How a command reaches the hosts that it names; undefined where none may be reached. */
  readonly egress?: Egress | undefined;
  /** Absolute paths outside the workspace that commands may read, by grant. */
  readonly readable: readonly string[];
  /** Paths relative to the workspace that no command may write, unless humans have granted it. */
  readonly readOnly: readonly string[];
  /** What the ledger tells of programs besides what is built in; undefined where nothing is read by it. */
  readonly programs?: DeclaredPrograms;
}

export interface ExecutionContext extends Surroundings {
  /** Idempotency key towards the outside. */
  readonly actionDigest: Digest;
  readonly world: World;
  /** Aborted at the time limit, at cancellation and at a kill switch. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** Tree digest of the workspace as it is recorded before this action. */
  readonly tree: TreeDigest;
  /** Paths among `readOnly`, or in them, that it may write: it names them, and was granted. None by default. */
  readonly lifted?: readonly string[];
  /**
   * Secrets that this execution is lent, by what each is for: a variable of the environment of what it
   * runs, or a header of its requests. They go there and to no other place.
   */
  readonly credentials: ReadonlyMap<string, string>;
}

/** Why an effect failed, and what may be assumed of it. */
export interface ExecutionFailure {
  /** `terminal`: it did not happen; `retryable`: neither, and it may work later; `unknown`: nobody knows. */
  readonly class: 'terminal' | 'retryable' | 'unknown';
  /** One of the contract's `failures`, or a code of the broker (`timeout`, `cancelled`, `output.invalid`, `args.changed`, `vault.*`). */
  readonly code: string;
  readonly message: string;
}

export type Execution =
  | {
      readonly kind: 'done';
      /** Satisfies the output schema of the contract; checked by the broker. */
      readonly observation: JsonObject;
      /** Operations on the world beside that of the workspace, which the broker adds. */
      readonly delta: Delta;
      /** What it used; dimensions that it cannot tell are 0, the broker measures `wallMs` and `calls`. */
      readonly used: Partial<Amounts>;
      /** Workspace paths that it may have changed; undefined: any. */
      readonly changed: readonly string[] | undefined;
      /** Whether something in the observation came from a host on a network. */
      readonly heard?: boolean;
    }
  | {
      readonly kind: 'failed';
      readonly failure: ExecutionFailure;
      readonly used: Partial<Amounts>;
    };

/** What became of an effect whose end was not recorded. */
export type Reconciliation =
  | { readonly kind: 'happened'; readonly evidence: string; readonly observation: JsonObject }
  | { readonly kind: 'did-not-happen'; readonly evidence: string }
  | { readonly kind: 'unknown'; readonly evidence: string };

/** A call that undoes another. */
export interface Compensation {
  readonly capability: string;
  readonly args: JsonObject;
}

/** Something that acts in the world outside. Called by the broker and by nobody else. */
export interface Capability {
  readonly contract: Contract;
  /**
   * Reads the outside facts that the arguments depend on and gives the arguments their one form.
   * Has no effect. `args` satisfies the input schema. Refuses `args.escapes` or `args.invalid`.
   */
  normalise(args: JsonObject, surroundings: Surroundings): Promise<Result<Normalised>>;
  /** Conditions on the world; undefined when they hold. Pure. */
  checkPreconditions?(args: JsonObject, world: World): Refusal | undefined;
  /**
   * Acts. Checks the resolved facts again at use: when one has changed, it fails with
   * `args.changed` before any effect. Must not throw for what the outside does.
   */
  execute(action: Action, context: ExecutionContext): Promise<Execution>;
  /** Conditions on what it did; undefined when they hold. */
  checkPostconditions?(args: JsonObject, observation: JsonObject): ExecutionFailure | undefined;
  /**
   * The call that undoes one that was committed, by what it was given and what it observed; undefined
   * where nothing does. It is compiled like any other. Files need none: they are put back. Pure.
   */
  compensation?(args: JsonObject, observation: JsonObject): Compensation | undefined;
  /** Whether an effect keyed by this action happened. Present when the contract is `reconcilable`. */
  reconcile?(action: Action, context: ExecutionContext): Promise<Reconciliation>;
}

/** The capabilities that are offered, by name. */
export type Capabilities = ReadonlyMap<string, Capability>;
