import type { Kind } from './catalogue.ts';

/** Kinds that an entry can be caused by; null where nothing on the ledger caused it. */
type Causes = readonly (Kind | null)[];

const outside: Causes = [null];

/** How an execution stands when its end, or another attempt, follows. */
const stands: Causes = ['execution.started', 'execution.reconciled'];

/**
 * What `cause` names, by the kind of the entry that bears it. A proposal follows from its intent; one
 * that is made again follows from what made it be asked again: the answer to the hold, or the
 * execution that was cut off. A run ends upon the last entry that it has.
 */
export const causes: Readonly<Record<Kind, Causes>> = {
  'ledger.created': outside,
  'key.trusted': outside,
  'key.retired': outside,
  'key.compromised': outside,
  'approver.delegated': outside,
  'approver.delegation-ended': outside,
  'blob.pruned': outside,
  'subject.erased': outside,
  'policy.activated': outside,
  'policy.retired': outside,
  'policy.proposed': outside,
  'policy.proposal-withdrawn': outside,
  'channel.defined': outside,
  'channel.removed': outside,
  'prices.declared': outside,
  'capability.declared': outside,
  'capability.retired': outside,
  'programs.declared': outside,
  'programs.retired': outside,
  'control.engaged': outside,
  'control.cleared': ['control.engaged'],
  'writ.issued': outside,
  'writ.carved': outside,
  'writ.closed': ['run.finished', null],
  'writ.revoked': outside,
  'run.started': outside,
  'run.branched': ['run.started'],
  'run.finished': [
    'run.started',
    'run.branched',
    'compensation.planned',
    'compensation.finished',
    'turn.started',
    'turn.finished',
    'model.responded',
    'model.interrupted',
    'proposal.suspended',
    'proposal.rejected',
    'execution.in-doubt',
    'execution.failed',
    'commit',
  ],
  'turn.started': [
    'run.started',
    'run.branched',
    'turn.finished',
    'proposal.rejected',
    'execution.failed',
    'commit',
  ],
  'model.requested': ['turn.started', 'model.interrupted'],
  'model.responded': ['model.requested'],
  'model.interrupted': ['model.requested'],
  'intent.proposed': ['model.responded', 'compensation.planned', null],
  'turn.finished': [
    'model.responded',
    'turn.started',
    'proposal.rejected',
    'execution.failed',
    'commit',
  ],
  'budget.threshold-crossed': [
    'model.responded',
    'model.interrupted',
    'execution.started',
    'execution.failed',
    'commit',
  ],
  'proposal.staged': ['intent.proposed', 'approval.resolved', ...stands],
  'proposal.suspended': ['intent.proposed', 'approval.resolved'],
  'proposal.rejected': ['intent.proposed', 'approval.resolved'],
  'approval.requested': ['proposal.suspended', 'approval.resolved'],
  'approval.voted': ['approval.requested'],
  'approval.resolved': ['approval.requested', 'approval.voted'],
  'execution.started': ['proposal.staged'],
  commit: stands,
  'execution.failed': stands,
  'execution.in-doubt': stands,
  'execution.reconciled': ['execution.started', 'execution.in-doubt'],
  'compensation.planned': ['run.branched'],
  'compensation.finished': [
    'compensation.planned',
    'proposal.rejected',
    'execution.failed',
    'commit',
  ],
  'snapshot.taken': outside,
  'anchor.published': outside,
};
