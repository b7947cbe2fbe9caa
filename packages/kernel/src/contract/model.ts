import type { Amounts } from '../account/index.ts';
import type { Digest, Json, JsonObject } from '../encoding/index.ts';
import type { Refusal } from '../refusal/index.ts';

/**
 * What an action does to the world outside. `write` is reversible and stays inside the workspace;
 * `external` leaves the machine; `irreversible` cannot be compensated.
 */
export type Effect = 'pure' | 'read' | 'write' | 'external' | 'irreversible';

export const effects: readonly Effect[] = ['pure', 'read', 'write', 'external', 'irreversible'];

export type Risk = 'low' | 'medium' | 'high' | 'critical';

export const risks: readonly Risk[] = ['low', 'medium', 'high', 'critical'];

/** What an argument is for; policy tells by it whether its origin matters. */
export type Role =
  'destination' | 'object' | 'path' | 'credential' | 'amount' | 'text' | 'confirmation' | 'command';

/** Who wrote a field of an output. */
export type Author = 'service' | 'third-party' | 'human';

/** The promise of a capability. Its digest is pinned by a run and recorded in every commit. */
export interface Contract {
  readonly name: string;
  readonly version: string;
  /** Told to the model. */
  readonly description: string;
  /** The least effect that every call has; arguments may add more. */
  readonly effect: Effect;
  readonly risk: Risk;
  /** JSON Schema 2020-12 of the arguments; a closed object. */
  readonly input: JsonObject;
  /** JSON Schema 2020-12 of the observation. */
  readonly output: JsonObject;
  /** Role of each argument. */
  readonly roles: Readonly<Record<string, Role>>;
  /** Author of each field of the output. */
  readonly authors: Readonly<Record<string, Author>>;
  readonly limits: {
    readonly timeoutMs: number;
    readonly inputBytes: number;
    readonly outputBytes: number;
  };
  /** What one call reserves when its arguments say nothing else. */
  readonly estimate: Amounts;
  /** Whether its effect can be undone by the runtime. */
  readonly compensable: boolean;
  /** Whether it can tell afterwards if its effect happened. */
  readonly reconcilable: boolean;
  /** Codes of failures that it may answer with. */
  readonly failures: readonly string[];
  /** Digest of the manifest that declares it, its executor included; absent where it is built in. */
  readonly manifest?: Digest;
}

/** What is known of a command line before it runs. */
export interface CommandFacts {
  readonly line: string;
  /** `unknown` among them where something of it is not understood. */
  readonly programs: readonly string[];
  /**
   * What its commands do where nothing confines them: `read`, `write`, `executes`, `outside`,
   * `external`, `irreversible`. What they can do where they run is the effect of the action.
   */
  readonly does?: readonly string[];
  /** Places that it reads and writes, where known: relative to the workspace, or absolute; `a/**` somewhere in `a`. */
  readonly reads?: readonly string[];
  readonly writes?: readonly string[];
}

/** Arguments in the one form that is checked, approved, recorded and executed. */
export interface Normalised {
  readonly args: JsonObject;
  /**
   * Outside facts that were used: real paths, parsed command. Checked again at use. What it tells as
   * `path`, `paths`, `programs`, `does`, `reads`, `writes` or `unsandboxed`, and the command as `line`,
   * is what policy is told: `verify` compares.
   */
  readonly resolved: Json;
  /** Effects of these very arguments, the contract's own included. */
  readonly effects: readonly Effect[];
  /** Workspace paths (relative, slash-separated) that the action reads or writes, where known. */
  readonly paths: readonly string[];
  /** What a command line runs, where the action runs one. */
  readonly command: CommandFacts | undefined;
  /** Every `host:port` that it may reach over a network; not there where nobody can tell. */
  readonly hosts?: readonly string[];
  /** True when it would run without any sandbox. */
  readonly unsandboxed: boolean;
  readonly estimate: Amounts;
}

/** A contract with what the compiler needs of it. */
export interface KnownCapability {
  readonly contract: Contract;
  readonly digest: Digest;
  /** Checks arguments against the input schema; undefined when they satisfy it. */
  readonly checkInput: (args: Json) => Refusal | undefined;
}
