import type { Entry } from '../ledger/index.ts';

/**
 * The closed list of what verification can find. `tampered`: the ledger is not what Chancery
 * writes, somebody or something has changed it. `drift`: true, but not as it is today, or not as it was
 * planned.
 */
export const findingCodes = {
  'entry.unreadable': {
    severity: 'tampered',
    means: 'The bytes are not an entry that this version could have written at that place.',
  },
  'entry.altered': {
    severity: 'tampered',
    means: 'The bytes have another digest than their successor, or the head of the stream, names.',
  },
  'ledger.foreign': {
    severity: 'tampered',
    means: 'The stream does not begin from the ledger id that is pinned.',
  },
  'ledger.gap': { severity: 'tampered', means: 'A position of the whole order is missing.' },
  'stream.broken': {
    severity: 'tampered',
    means: 'An entry of the stream is missing, repeated or out of order.',
  },
  'stream.truncated': { severity: 'tampered', means: 'The stream ends before its head.' },
  'batch.broken': { severity: 'tampered', means: 'A member of an atomic batch is missing.' },
  'cause.unknown': { severity: 'tampered', means: 'The cause is not an earlier entry.' },
  'cause.misplaced': {
    severity: 'tampered',
    means: 'The cause is missing, or is an entry of a kind that does not cause this one.',
  },
  'entry.misattributed': {
    severity: 'tampered',
    means: 'An entry of a run or of an approval is by a key that has no part in it.',
  },
  'key.invalid': {
    severity: 'tampered',
    means: 'The genesis or a statement about a key is not signed by enough of the roots.',
  },
  'writ.invalid': {
    severity: 'tampered',
    means:
      'A writ, its carve, its close or its revocation is malformed, or has no authority from above.',
  },
  'writ.exceeded': { severity: 'tampered', means: 'An action is outside what its writ grants.' },
  'policy.invalid': {
    severity: 'tampered',
    means: 'A policy bundle is not signed by a trusted key, or is not what is recorded of it.',
  },
  'policy.mismatch': {
    severity: 'tampered',
    means: 'A policy set was recorded that was not active there.',
  },
  'control.invalid': {
    severity: 'tampered',
    means:
      'A control is not signed for its place by a root or by a key that is trusted for approving, or clears what is not engaged.',
  },
  'removal.invalid': {
    severity: 'tampered',
    means:
      'What is said to be pruned or erased is not signed for its place by a root or by a key that is trusted for approving.',
  },
  'control.ignored': {
    severity: 'tampered',
    means: 'An action went on although a control had halted it.',
  },
  'approval.invalid': {
    severity: 'tampered',
    means: 'The outcome of an approval is not what its valid votes say.',
  },
  'approval.missing': {
    severity: 'tampered',
    means: 'A held action was executed without enough approvals.',
  },
  'action.mismatch': {
    severity: 'tampered',
    means: 'A proposal and the intent, writ, contract or digest that it names do not agree.',
  },
  'question.misstated': {
    severity: 'tampered',
    means:
      'What policy is said to have been asked about a proposal is not what the entries before it give.',
  },
  'decision.misstated': {
    severity: 'tampered',
    means:
      'What policy is said to have answered about a proposal, the rules that mattered among it, or what is said to hold it, is not what the active policies answer to the recorded question.',
  },
  'routing.forged': {
    severity: 'tampered',
    means:
      'What a router is said to have given for a proposal is not what its digest names, or not what the answer bore that the proposal follows from; or it is malformed, and was not refused.',
  },
  'word.invalid': {
    severity: 'tampered',
    means:
      'What became of an execution in doubt is not the signed word of a key that is trusted for approving.',
  },
  'run.misordered': {
    severity: 'tampered',
    means:
      'An entry of a run stands where the life of a run or of an execution has no place for it.',
  },
  'run.misstated': {
    severity: 'tampered',
    means: 'The end of a run tells another world, tree, spend or gate than its entries give.',
  },
  'branch.misstated': {
    severity: 'tampered',
    means: 'A run goes on from a moment of another that was not, or was otherwise than it tells.',
  },
  'compensation.misstated': {
    severity: 'tampered',
    means:
      'What is said to be undone of another run is no commit of it, or is not what the plan or the commits of this run say.',
  },
  'snapshot.misstated': {
    severity: 'tampered',
    means:
      'A snapshot is not signed by a key that is trusted for running, or tells another state of a run than its entries give.',
  },
  'world.stale': {
    severity: 'tampered',
    means: 'A delta does not apply to the world that it changes.',
  },
  'anchor.misstated': {
    severity: 'tampered',
    means:
      'What is recorded as published is no checkpoint of this ledger, or one of entries that were not here.',
  },
  'anchor.lost': {
    severity: 'tampered',
    means:
      'The place where a checkpoint was published keeps it no longer: it was emptied, or put back to before.',
  },
  'budget.overspent': {
    severity: 'tampered',
    means: 'More was reserved or carved than the writ had left.',
  },
  'delegation.invalid': {
    severity: 'tampered',
    means:
      'A right to approve is delegated, or that is ended, without a signature for its place of who may.',
  },
  'channel.invalid': {
    severity: 'tampered',
    means:
      'A channel is not signed for its place by who may sign policies, or makes no sense beside the others.',
  },
  'prices.invalid': {
    severity: 'tampered',
    means: 'A price table is not signed for its place by who may sign policies.',
  },
  'manifest.invalid': {
    severity: 'tampered',
    means:
      'A capability is declared or retired without a signature for its place of who may sign policies, or makes no sense beside the others.',
  },
  'programs.invalid': {
    severity: 'tampered',
    means:
      'A row of a program is declared or retired without a signature for its place of who may sign policies, or makes no sense beside the others.',
  },
  'budget.misstated': {
    severity: 'tampered',
    means:
      'A threshold of a budget is told that is not crossed there, or is crossed and not told in the same batch; or an answer of a model is said to cost something else than it used at the price of the run; or the price of a run is not what the price table says that it names, or that table was not in effect.',
  },
  'budget.overrun': {
    severity: 'drift',
    means: 'Something cost more than it had reserved, and more than the writ had left.',
  },
  'content.unread': {
    severity: 'drift',
    means:
      'An intent, an action or the bundle of a policy stands outside its entry and was not given, so that its digest could not be computed again.',
  },
  'gate.unread': {
    severity: 'drift',
    means: 'What a gate printed was not given, so that its exit code could not be compared.',
  },
  'key.compromised': {
    severity: 'drift',
    means:
      'It is signed by a key that was in other hands by then, or stands on what is: a human has to look.',
  },
  'contract.drift': {
    severity: 'drift',
    means: 'The run was recorded under another catalogue of kinds than this version has.',
  },
} as const satisfies Record<string, { severity: 'tampered' | 'drift'; means: string }>;

export type FindingCode = keyof typeof findingCodes;

/** Where an entry is. */
export interface Place {
  readonly stream: string;
  readonly seq: number;
  /** In the order of the whole ledger. */
  readonly position: number;
}

export interface Finding extends Place {
  readonly severity: 'tampered' | 'drift';
  readonly code: FindingCode;
  readonly message: string;
}

/** Position of the first entry of a batch: the same for all its entries, and for no others. */
export function batchStart(position: number, { batch }: Pick<Entry, 'batch'>): number {
  return position - batch.index;
}

/** Where the checks tell what they find. */
export class Findings {
  private readonly found: Finding[] = [];

  add(code: FindingCode, { stream, seq, position }: Place, message: string): void {
    const { severity } = findingCodes[code];
    this.found.push({ severity, code, stream, seq, position, message });
  }

  /** What is at fault first, then what follows from it; each in the order of the ledger. */
  sorted(): readonly Finding[] {
    return this.found.toSorted((a, b) => rank(a) - rank(b) || a.position - b.position);
  }
}

const direct: readonly FindingCode[] = [
  'entry.unreadable',
  'entry.altered',
  'ledger.foreign',
  'stream.broken',
  'stream.truncated',
];

function rank({ code, severity }: Finding): number {
  if (direct.includes(code)) return 0;
  return severity === 'tampered' ? 1 : 2;
}
