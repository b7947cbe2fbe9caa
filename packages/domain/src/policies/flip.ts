import type { PolicyRequest, PolicyVerdict } from '@chancery/kernel/policy';
import type { Alternative } from './alternatives.ts';

/** What of an action would have to be different, and what policy would say then. */
export interface Flip {
  readonly changes: readonly Alternative[];
  readonly verdict: PolicyVerdict['kind'];
}

/** From the best that an agent can hope for. */
const preference: readonly PolicyVerdict['kind'][] = ['permit', 'hold', 'deny', 'error'];

const shown = 8;

/**
 * The smallest changes of an action by which another verdict would come of it: of one member each
 * where there are such, and otherwise of two. Of those that are as small, those first that permit.
 * Empty where no two changes of what the rules ask about make a difference.
 */
export function smallestFlips(
  request: PolicyRequest,
  alternatives: readonly Alternative[],
  decide: (request: PolicyRequest) => PolicyVerdict,
): readonly Flip[] {
  const present = decide(request).kind;
  const flipOf = (...changes: readonly Alternative[]): readonly Flip[] => {
    const changed = changes.reduce((asked, change) => change.apply(asked), request);
    const verdict = decide(changed).kind;
    return verdict === present || verdict === 'error' ? [] : [{ changes, verdict }];
  };
  const single = alternatives.flatMap((change) => flipOf(change));
  if (single.length > 0) return best(single);
  const pairs = alternatives.flatMap((first, index) =>
    alternatives
      .slice(index + 1)
      .filter((second) => second.member !== first.member)
      .flatMap((second) => flipOf(first, second)),
  );
  return best(pairs);
}

function best(flips: readonly Flip[]): readonly Flip[] {
  const rank = ({ verdict }: Flip): number => preference.indexOf(verdict);
  return flips.toSorted((a, b) => rank(a) - rank(b)).slice(0, shown);
}
