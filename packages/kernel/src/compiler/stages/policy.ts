import type { Level, PolicyVerdict, RuleMark } from '../../policy/index.ts';
import { builtInHolds, type HoldFacts } from '../built-in-holds.ts';
import {
  established,
  pass,
  refuse,
  type Compilation,
  type Stage,
  type StageVerdict,
} from '../compilation.ts';
import { questionIn, policyRequest } from '../policy-request.ts';

/** Stage 11: policy, on all levels. A hold passes here and is weighed in the next stage. */
export const policy: Stage = (compilation) => {
  const { policy: set, actor } = compilation.input;
  compilation.builtInHolds = builtInHolds(holdFacts(compilation));
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

function holdFacts({ capability, effects, normalised, input }: Compilation): HoldFacts {
  const { name, risk, compensable } = established(capability).contract;
  const { riskThreshold, protectedPaths } = input;
  return {
    capability: name,
    ...{ risk, compensable, riskThreshold, protectedPaths },
    effects: established(effects),
    paths: established(normalised).paths,
  };
}

function denied(verdict: Extract<PolicyVerdict, { kind: 'deny' }>): StageVerdict {
  const { rules, advice, unpermitted = [] } = verdict;
  const forbids = rules.filter((rule: RuleMark) => rule.effect === 'forbid').map((rule) => rule.id);
  const message =
    forbids.length === 0 ? unpermittedText(unpermitted) : `forbidden by ${forbids.join(', ')}`;
  const details = forbids.length === 0 ? {} : { rules: forbids.join(', ') };
  return refuse('policy.denied', message, {
    details,
    ...(advice === undefined ? {} : { remedy: advice }),
  });
}

function unpermittedText(levels: readonly Level[]): string {
  if (levels.length === 0) return 'no rule permits it';
  return `nothing at the level ${levels.join(', nor at the level ')} permits it`;
}
