import { type Question } from '@chancery/kernel/compiler';
import { type PolicyVerdict, type RuleMark } from '@chancery/kernel/policy';
import { type Proposal, type Ruling } from './model.ts';

/** What was decided, as the proposal tells it. */
export function recordedRuling({ kind, body }: Proposal, { holds }: Question): Ruling {
  const isRefused = kind === 'proposal.rejected' && body.trace.policy === 'refuse';
  if (!isRefused) return unlessHeld(body.rules, holds);
  const verdict = body.refusal.code === 'policy.error' ? 'error' : 'deny';
  return { verdict, by: marked(body.rules, verdict === 'deny' ? 'forbid' : 'error') };
}

/** What would be decided. */
export function rulingOf({ kind, rules }: PolicyVerdict, { holds }: Question): Ruling {
  switch (kind) {
    case 'deny':
      return { verdict: kind, by: marked(rules, 'forbid') };
    case 'error':
      return { verdict: kind, by: marked(rules, 'error') };
    case 'hold':
    case 'permit':
      return unlessHeld(rules, holds);
  }
}

function unlessHeld(rules: readonly RecordedMark[], holds: readonly string[]): Ruling {
  const held = [...marked(rules, 'hold'), ...holds];
  if (held.length > 0) return { verdict: 'hold', by: held };
  return { verdict: 'permit', by: marked(rules, 'permit') };
}

/** A mark as an entry has it, whose level is a text. */
type RecordedMark = Pick<RuleMark, 'id' | 'effect'> & { readonly level: string };

function marked(rules: readonly RecordedMark[], effect: RuleMark['effect']): readonly string[] {
  return rules.flatMap((rule) => (rule.effect === effect ? [`${rule.level}/${rule.id}`] : []));
}

/** Whether the same rules mattered, those that only watch among them. */
export function areSameMarks(
  recorded: readonly RecordedMark[],
  decided: readonly RuleMark[],
): boolean {
  if (recorded.length !== decided.length) return false;
  return recorded.every(({ id, level, effect }, index) => {
    const other = decided[index];
    return other?.id === id && other.level === level && other.effect === effect;
  });
}
