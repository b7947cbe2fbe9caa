import { type ApprovalCheck } from './approval-check.ts';
import { type AuthorityCheck } from './authority-check.ts';
import { type FindingCode } from './finding.ts';
import { type Trajectory } from './trajectory.ts';
import { type Digest } from '../encoding/index.ts';

/** What a check of one entry of a run may look at: everything that stands before it. */
export interface RunContext {
  readonly ledger: Digest;
  readonly trajectory: Trajectory;
  readonly authority: AuthorityCheck;
  readonly approvals: ApprovalCheck;
  /** Digest of the policy set that was active where an action was staged, by action digest. */
  readonly stagedUnder: Map<Digest, Digest | undefined>;
  readonly tell: (code: FindingCode, message: string) => void;
}
