import type { Digest } from '../encoding/index.ts';
import type { Entry } from '../ledger/index.ts';
import type { Action } from '../compiler/index.ts';
import type { RunPolicies } from '../policy/index.ts';
import type { ApprovalCheck } from './approval-check.ts';
import type { AuthorityCheck } from './authority-check.ts';
import type { DecisionCheck } from './decision-check.ts';
import type { FindingCode, Place } from './finding.ts';
import type { BlobReader } from './blob-reader.ts';
import type { GateRecord } from './gate-check.ts';
import type { RunActions } from './run-actions.ts';
import type { RunPast } from './run-past.ts';
import type { RunState } from './run-state.ts';
import type { ToldCapabilities } from './told-capabilities.ts';

/** What a check of one entry of a run may look at: everything that stands before it. */
export interface RunContext {
  readonly ledger: Digest;
  readonly state: RunState;
  readonly actions: RunActions;
  readonly authority: AuthorityCheck;
  readonly approvals: ApprovalCheck;
  readonly gates: GateRecord;
  readonly decisions: DecisionCheck;
  readonly capabilities: ToldCapabilities;
  readonly blobs: BlobReader;
  /** Policies of the run alone; undefined where they were not given, or are none. */
  readonly own: RunPolicies | undefined;
  /** What another run has been through so far; undefined for one that there is not. */
  readonly pastOf: (stream: string) => RunPast | undefined;
  /** Of the entry that is checked. */
  readonly place: Place;
  /** Of the entry that is checked, see `ReadEntry`. */
  readonly named: string | undefined;
  /** The action of the proposal that is checked; undefined where it has none, or was not given. */
  readonly whole: Action | undefined;
  /** The entry of the run before it. */
  readonly previous: Entry | undefined;
  readonly tell: (code: FindingCode, message: string) => void;
}
