import { isJsonObject, recordText } from '@chancery/kernel/encoding';
import { exitCodeOf } from '../cognition/index.ts';
import type { AuditedAction } from './audit.ts';

/** How what two runs wanted differs; an intent is the same as another by its capability and arguments. */
export interface ComparedActions {
  /** How many they wanted alike from the beginning on. */
  readonly alike: number;
  /** Those that both wanted and that ended otherwise. */
  readonly differing: readonly (readonly [left: AuditedAction, right: AuditedAction])[];
  readonly onlyLeft: readonly AuditedAction[];
  readonly onlyRight: readonly AuditedAction[];
}

/** Compares by what was wanted, in time that grows with their number. */
export function compareActions(
  left: readonly AuditedAction[],
  right: readonly AuditedAction[],
): ComparedActions {
  const theirs = right.map(wantedBy);
  const parting = left.findIndex((action, index) => wantedBy(action) !== theirs[index]);
  const waiting = new Map<string, AuditedAction[]>();
  for (const action of right) {
    const key = wantedBy(action);
    waiting.set(key, [...(waiting.get(key) ?? []), action]);
  }
  const pairs: (readonly [AuditedAction, AuditedAction])[] = [];
  const onlyLeft: AuditedAction[] = [];
  for (const action of left) {
    const partner = waiting.get(wantedBy(action))?.shift();
    if (partner === undefined) onlyLeft.push(action);
    else pairs.push([action, partner]);
  }
  const taken = new Set(pairs.map(([, partner]) => partner));
  return {
    alike: parting === -1 ? left.length : parting,
    differing: pairs.filter(([one, other]) => endOf(one) !== endOf(other)),
    onlyLeft,
    onlyRight: right.filter((action) => !taken.has(action)),
  };
}

function wantedBy({ intent }: AuditedAction): string {
  if (!isJsonObject(intent)) return recordText(intent);
  return recordText([intent['capability'] ?? null, intent['args'] ?? null]);
}

/** What came of it: how it ended, by which exit code, and why where it came to nothing. */
function endOf({ outcome }: AuditedAction): string {
  switch (outcome.kind) {
    case 'committed':
      return `committed ${exitCodeOf(outcome.observation)}`;
    case 'rejected':
      return `rejected ${outcome.refusal.code}`;
    case 'failed':
      return `failed ${outcome.failure.code}`;
    case 'open':
    case 'in-doubt':
      return outcome.kind;
  }
}
