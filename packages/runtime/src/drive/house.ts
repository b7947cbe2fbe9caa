import type { Digest, Signer } from '@chancery/kernel/encoding';
import type { Body, LedgerStore, SealedEntry } from '@chancery/kernel/ledger';
import type { Result } from '@chancery/kernel/refusal';
import type { Authority } from '../authority/index.ts';
import type {
  Capability,
  ContentRoom,
  Egress,
  PhaseProbe,
  Sandbox,
  SchemaCompiler,
} from '../broker/index.ts';
import type { RetryPolicy } from '../cognition/index.ts';
import type { Clock } from '../journal/index.ts';
import type { Redactor } from '../redaction/index.ts';
import type { Vault } from '../vault/index.ts';
import type { SubjectKeys } from '../removal/index.ts';
import type { TreeDigest, Workspace, Workspaces } from '../workspace/index.ts';

/** Keeps two processes from driving one run. Held until it is released or the process has died. */
export interface RunLocks {
  /** Refuses with `run.driven`. */
  acquire(run: string): Promise<Result<() => Promise<void>>>;
}

/** The files of one run, and the tree that it began with. */
export interface RunFiles {
  readonly workspace: Workspace;
  readonly base: TreeDigest;
}

/** All that the runtime is made of, put together once by an app. */
export interface House {
  readonly store: LedgerStore;
  readonly ledger: Digest;
  readonly clock: Clock;
  /** The runtime's own key: the subject of the writs that it acts under. */
  readonly actor: Signer;
  readonly authority: Authority;
  readonly capabilities: readonly Capability[];
  /** Further capabilities, which are made for the files of one run. */
  readonly capabilitiesOn?: (files: RunFiles) => readonly Capability[];
  /** Those that put recorded files back; for a run that undoes another, and for no agent. */
  readonly restoringOn: (files: RunFiles) => readonly Capability[];
  readonly compileSchema: SchemaCompiler;
  readonly workspaces: Workspaces;
  readonly sandbox: Sandbox;
  /** The way of commands to hosts that they name; a house without one has none. */
  readonly egress?: Egress;
  readonly locks: RunLocks;
  readonly redactor: Redactor;
  /** Of the subjects whose runs seal their contents; a house without them has no such runs. */
  readonly subjectKeys?: SubjectKeys;
  /** Lends secrets; a house without one lends none. */
  readonly vault?: Vault;
  readonly retry: RetryPolicy;
  /** A name that was never given before: letters and digits; names sort by the time of `clock`. */
  readonly newName: () => string;
  readonly probe: PhaseProbe;
  readonly onEntry: (sealed: SealedEntry) => void;
}

/** Every capability that a run on these files is offered. */
export function capabilitiesFor(
  house: House,
  files: RunFiles,
  rollback: Body<'run.started'>['rollback'],
): readonly Capability[] {
  return [
    ...house.capabilities,
    ...(house.capabilitiesOn?.(files) ?? []),
    ...(rollback === undefined ? [] : house.restoringOn(files)),
  ];
}

/** Where the contents of its runs are read from. */
export function contentsIn({ store, subjectKeys: keys }: House): ContentRoom {
  return { store, keys };
}
