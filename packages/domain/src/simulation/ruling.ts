import { type Question } from '@chancery/kernel/compiler';
import { type PolicyVerdict, type RecordedMark, type RuleMark } from '@chancery/kernel/policy';
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

function marked(rules: readonly RecordedMark[], effect: RuleMark['effect']): readonly string[] {
  return rules.flatMap((rule) => (rule.effect === effect ? [`${rule.level}/${rule.id}`] : []));
}
