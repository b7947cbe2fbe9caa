import { type PolicyVerdict, type RuleMark } from '../../policy/index.ts';
import { builtInHolds } from '../built-in-holds.ts';
import { pass, refuse, type Stage, type StageVerdict } from '../compilation.ts';
import { questionIn, policyRequest } from '../policy-request.ts';

/** Stage 11: policy, on all levels. A hold passes here and is weighed in the next stage. */
export const policy: Stage = (compilation) => {
  const { policy: set, actor } = compilation.input;
  compilation.builtInHolds = builtInHolds(compilation);
  const question = questionIn(compilation);
  const verdict = set.decide(policyRequest(question, actor));
  compilation.question = question;
  compilation.verdict = verdict;
  switch (verdict.kind) {
    case 'permit':
    case 'hold':
      return pass;
    case 'deny':
      return denied(verdict);
    case 'error':
      return refuse('policy.error', verdict.message);
  }
};

function denied({ rules, advice }: Extract<PolicyVerdict, { kind: 'deny' }>): StageVerdict {
  const forbids = rules.filter((rule: RuleMark) => rule.effect === 'forbid').map((rule) => rule.id);
  const message =
    forbids.length === 0 ? 'no rule permits it' : `forbidden by ${forbids.join(', ')}`;
  const details = forbids.length === 0 ? {} : { rules: forbids.join(', ') };
  return refuse('policy.denied', message, {
    details,
    ...(advice === undefined ? {} : { remedy: advice }),
  });
}
