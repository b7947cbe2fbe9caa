import { minAmounts } from '../account/index.ts';
import { recordText } from '../encoding/index.ts';
import { done, refusal, refused, type Refusal, type Result } from '../refusal/index.ts';
import { contradiction } from './contradiction.ts';
import type { Grant, Predicate, Terms } from './model.ts';
import { subjectOf } from './predicate.ts';

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

/** A grant that the writ above has, of which what is asked for leaves nothing. */
function emptied(parent: Terms, grants: readonly Grant[]): Refusal | undefined {
  for (const { capability, where } of parent.grants) {
    const grant = grants.find((each) => each.capability === capability);
    const none = grant && contradiction(grant.where);
    // One that granted nothing before is carved as it is.
    if (none === undefined || contradiction(where) !== undefined) continue;
    const nothing = `nothing satisfies the conditions of ${capability} on ${subjectOf(none)}, those of the writ above and those of the request`;
    return refusal('writ.widened', nothing, {
      details: { component: 'where' },
      remedy: 'Ask for what the writ above grants, or less; `chancery writ inspect` shows it.',
    });
  }
  return undefined;
}

/**
 * The terms of a child: what both the parent's terms and the request grant, component by component,
 * one generation less deep. Refuses with `writ.widened` where nothing is left to be written down: no
 * overlap of the windows, conditions of both that nothing can satisfy, or a parent that may not
 * delegate.
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
  const grants = commonGrants(parent, request);
  const empty = emptied(parent, grants);
  if (empty !== undefined) return { ok: false, refusal: empty };
  return done({
    grants,
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
