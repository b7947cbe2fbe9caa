import { requiredHold, type Hold, type Question } from '@chancery/kernel/compiler';
import {
  areSameMarks,
  type PolicyVerdict,
  type RecordedMark,
  type RuleMark,
} from '@chancery/kernel/policy';
import type { Asking, Proposal, Ruling } from './model.ts';

/**
 * What was decided, as the proposal tells it. Rules that hold may have been lifted, and those of an action
 * that was started answered by a human before: which of both, and which of them, `active` says, the answer
 * of the recorded set.
 */
export function recordedRuling(
  { kind, body }: Proposal,
  question: Question,
  active: () => PolicyVerdict,
): Ruling {
  const { rules } = body;
  if (kind === 'proposal.suspended') {
    const mayBeLifted = marked(rules, 'lift').length > 0;
    return heldBy(mayBeLifted ? standing(rules, active()) : rules, question, body.hold);
  }
  if (kind === 'proposal.rejected' && body.trace.policy === 'refuse') {
    return body.refusal.code === 'policy.error' ? refused('error', rules) : refused('deny', rules);
  }
  const mayBeHeld = question.holds.length > 0 || marked(rules, 'hold').length > 0;
  return mayBeHeld ? rulingOf(active(), question) : permitted(rules);
}

/** What would be decided. */
export function rulingOf(verdict: PolicyVerdict, question: Question): Ruling {
  const { kind, rules } = verdict;
  if (kind === 'deny' || kind === 'error') return refused(kind, rules);
  const hold = requiredHold(verdict, question.holds.map(builtInHold));
  return hold === undefined ? permitted(rules) : heldBy(standing(rules, verdict), question, hold);
}

/** Without those that were lifted, where the verdict is by these rules. */
function standing(rules: readonly RecordedMark[], verdict: PolicyVerdict): readonly RecordedMark[] {
  const lifted = verdict.kind === 'hold' ? verdict.lifted : undefined;
  if (lifted === undefined || !areSameMarks(rules, verdict.rules)) return rules;
  return rules.filter(
    ({ id, level, effect }) =>
      effect !== 'hold' || !lifted.some((mark) => mark.id === id && mark.level === level),
  );
}

/** Whether both come to the same: of a hold, that as many of the same are asked. */
export function areAlike(a: Ruling, b: Ruling): boolean {
  return (
    a.verdict === b.verdict &&
    a.asks?.channel === b.asks?.channel &&
    a.asks?.quorum === b.asks?.quorum
  );
}

export interface Reproduction {
  readonly question: Question;
  /** What was decided, as the proposal tells it. */
  readonly before: Ruling;
  /** What the recorded set answers today. */
  readonly active: PolicyVerdict;
}

/** Whether the recorded set answers today what is recorded, by the same rules. */
export function isReproduced(
  { body }: Proposal,
  { question, before, active }: Reproduction,
): boolean {
  return areSameMarks(body.rules, active.rules) && areAlike(rulingOf(active, question), before);
}

/** A question has the names of the built-in holds alone; each asks one human. */
function builtInHold(rule: string): Hold {
  return { channel: 'human', quorum: 1, reason: rule, rule };
}

function heldBy(
  rules: readonly RecordedMark[],
  { holds }: Question,
  { channel, quorum }: Asking,
): Ruling {
  const by = [...marked(rules, 'hold'), ...holds];
  return { verdict: 'hold', asks: { channel, quorum }, by };
}

function permitted(rules: readonly RecordedMark[]): Ruling {
  return { verdict: 'permit', asks: null, by: marked(rules, 'permit') };
}

function refused(verdict: 'deny' | 'error', rules: readonly RecordedMark[]): Ruling {
  return { verdict, asks: null, by: marked(rules, verdict === 'deny' ? 'forbid' : 'error') };
}

function marked(rules: readonly RecordedMark[], effect: RuleMark['effect']): readonly string[] {
  return rules.flatMap((rule) => (rule.effect === effect ? [`${rule.level}/${rule.id}`] : []));
}
