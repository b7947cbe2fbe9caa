import { channelForm } from '../channel/index.ts';
import { isDigest, type Digest } from '../encoding/index.ts';
import { done, refused, type Result } from '../refusal/index.ts';
import type { Level, RuleMark } from './model.ts';
import { ruleDigest } from './rule-digest.ts';
import type { Rule } from './rule.ts';

/** What a rule of a bundle does, by its effect and its annotations. */
export interface Enforcement {
  readonly kind: RuleMark['effect'];
  /** Recorded when the rule is satisfied. */
  readonly mark: RuleMark;
  /** Recorded when the rule fails to evaluate. */
  readonly failureMark: RuleMark;
  readonly advice: string | undefined;
  /** Who is asked, when the rule holds. */
  readonly channel: string;
  /** Number of approvals that are needed, when the rule holds. */
  readonly quorum: number;
  /** Digest of the rule as it stands, when it holds. */
  readonly digest: Digest | undefined;
  /**
   * The rule of its level whose hold it lifts, when it lifts. Without a digest, as it was written
   * before there was one, it is whatever goes by the id.
   */
  readonly lifts: { readonly id: string; readonly digest: Digest | undefined } | undefined;
}

const idForm = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const quorumForm = /^(?:[1-9]|1[0-6])$/;

interface Annotation {
  readonly fits: (value: string, rule: Rule) => boolean;
  readonly wanted: string;
}

const known: Readonly<Record<string, Annotation>> = {
  id: {
    fits: (value, { id }) => value === id && idForm.test(value),
    wanted: 'the id of its policy: letters, digits, dots, dashes and underscores',
  },
  hold: {
    fits: (value, { effect }) => effect === 'forbid' && channelForm.test(value),
    wanted: 'the name of a channel, on a forbid',
  },
  quorum: {
    fits: (value, { annotations }) => annotations.has('hold') && quorumForm.test(value),
    wanted: 'an integer of 1 to 16, beside @hold',
  },
  lifts: {
    fits: (value, { effect }) => effect === 'permit' && idForm.test(value),
    wanted: 'the id of a rule that holds, on a permit',
  },
  digest: {
    fits: (value, { annotations }) => annotations.has('lifts') && isDigest(value),
    wanted: 'the digest of the rule that is lifted, beside @lifts',
  },
  shadow: { fits: (value) => value === '', wanted: 'no value' },
  advice: { fits: (value) => value !== '', wanted: 'a text' },
};

/**
 * Reads the annotations of a rule. Refuses with `policy.invalid` those that are unknown or
 * malformed, and a rule without `@id`: what decides must have a name to be recorded under.
 */
export function readEnforcement(rule: Rule, level: Level): Result<Enforcement> {
  const { annotations, id } = rule;
  if (!annotations.has('id')) return refusedRule(rule, 'the annotation @id is missing');
  for (const [name, value] of annotations) {
    const annotation = Object.hasOwn(known, name) ? known[name] : undefined;
    if (annotation === undefined) return refusedRule(rule, `the annotation @${name} is unknown`);
    if (!annotation.fits(value, rule)) {
      return refusedRule(rule, `@${name} must hold ${annotation.wanted}`);
    }
  }
  const kind = kindOf(rule);
  const lifts = annotations.get('lifts');
  return done({
    kind,
    mark: { effect: kind, id, level },
    failureMark: { id, level, effect: 'error' },
    advice: annotations.get('advice'),
    channel: annotations.get('hold') ?? '',
    quorum: Number(annotations.get('quorum') ?? 1),
    digest: kind === 'hold' ? ruleDigest(rule.policy) : undefined,
    lifts: lifts === undefined ? undefined : { id: lifts, digest: annotations.get('digest') },
  });
}

function refusedRule({ id }: Rule, what: string): Result<never> {
  return refused('policy.invalid', `policy ${id}: ${what}`, { details: { rule: id } });
}

function kindOf({ annotations, effect }: Rule): RuleMark['effect'] {
  if (annotations.has('shadow')) return 'shadow';
  if (annotations.has('lifts')) return 'lift';
  return annotations.has('hold') ? 'hold' : effect;
}
