import { type Kind } from './catalogue.ts';

type Home =
  'ledger' | 'policy' | 'control' | 'run:' | 'writ:' | 'approval:' | 'snapshot:' | 'anchor';

/** The streams that a kind is at home on: the name itself, or all that begin with it. */
export const homes: Readonly<Record<Kind, Home>> = {
  'ledger.created': 'ledger',
  'key.trusted': 'ledger',
  'key.retired': 'ledger',
  'key.compromised': 'ledger',
  'blob.pruned': 'ledger',
  'subject.erased': 'ledger',
  'policy.activated': 'policy',
  'policy.retired': 'policy',
  'control.engaged': 'control',
  'control.cleared': 'control',
  'writ.issued': 'writ:',
  'writ.carved': 'writ:',
  'writ.closed': 'writ:',
  'writ.revoked': 'writ:',
  'run.started': 'run:',
  'run.finished': 'run:',
  'turn.started': 'run:',
  'model.requested': 'run:',
  'model.responded': 'run:',
  'model.interrupted': 'run:',
  'intent.proposed': 'run:',
  'turn.finished': 'run:',
  'budget.threshold-crossed': 'run:',
  'proposal.staged': 'run:',
  'proposal.suspended': 'run:',
  'proposal.rejected': 'run:',
  'approval.requested': 'approval:',
  'approval.voted': 'approval:',
  'approval.resolved': 'approval:',
  'execution.started': 'run:',
  commit: 'run:',
  'execution.failed': 'run:',
  'execution.in-doubt': 'run:',
  'execution.reconciled': 'run:',
  'snapshot.taken': 'snapshot:',
  'anchor.published': 'anchor',
};
