import { minAmounts } from '../account/index.ts';
import { recordText } from '../encoding/index.ts';
import { done, refused, type Result } from '../refusal/index.ts';
import { type Grant, type Predicate, type Terms } from './model.ts';

/** The conditions of both, each once, in the order of their canonical text. */
function conjunction(a: readonly Predicate[], b: readonly Predicate[]): readonly Predicate[] {
  const byText = new Map([...a, ...b].map((predicate) => [recordText(predicate), predicate]));
  return [...byText.keys()].sort().flatMap((text) => byText.get(text) ?? []);
}

function commonGrants(parent: Terms, request: Terms): readonly Grant[] {
  const wanted = new Map(request.grants.map((grant) => [grant.capability, grant]));
  return parent.grants.flatMap((above) => {
    const asked = wanted.get(above.capability);
    if (asked === undefined) return [];
    return [{ capability: above.capability, where: conjunction(above.where, asked.where) }];
  });
}

/**
 * The terms of a child: what both the parent's terms and the request grant, component by component,
 * one generation less deep. Conditions that contradict each other stay and match nothing. Refuses
 * with `writ.widened` where nothing is left to be written down: no overlap of the windows, or a
 * parent that may not delegate.
 */
export function attenuate(parent: Terms, request: Terms): Result<Terms> {
  if (parent.delegation.depth < 1 || parent.delegation.children < 1) {
    return refused('writ.widened', 'the writ above may not delegate');
  }
  const notBefore = Math.max(parent.window.notBefore, request.window.notBefore);
  const notAfter = Math.min(parent.window.notAfter, request.window.notAfter);
  if (notAfter < notBefore) {
    return refused(
      'writ.widened',
      'the windows of the writ above and of the request do not overlap',
    );
  }
  return done({
    grants: commonGrants(parent, request),
    effects: request.effects.filter(
      (effect) => effect === 'pure' || parent.effects.includes(effect),
    ),
    budget: minAmounts(parent.budget, request.budget),
    window: { notBefore, notAfter },
    delegation: {
      depth: Math.min(parent.delegation.depth - 1, request.delegation.depth),
      children: Math.min(parent.delegation.children, request.delegation.children),
    },
  });
}
