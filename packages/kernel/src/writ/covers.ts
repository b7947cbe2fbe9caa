import { fits } from '../account/index.ts';
import { refusal, type Refusal } from '../refusal/index.ts';
import type { Grant, Terms } from './model.ts';
import { implies, subjectOf } from './predicate.ts';

function widened(component: string, message: string): Refusal {
  return refusal('writ.widened', message, { details: { component } });
}

function uncoveredGrant(parent: Terms, grant: Grant): Refusal | undefined {
  const above = parent.grants.find((candidate) => candidate.capability === grant.capability);
  if (above === undefined) return widened('grants', `${grant.capability} is not granted above`);
  const lost = above.where.find((wide) => !grant.where.some((narrow) => implies(narrow, wide)));
  if (lost === undefined) return undefined;
  return widened(
    'where',
    `${grant.capability} is not held to the condition above on ${subjectOf(lost)}`,
  );
}

function checkEffects(parent: Terms, child: Terms): Refusal | undefined {
  const more = child.effects.find(
    (effect) => effect !== 'pure' && !parent.effects.includes(effect),
  );
  if (more === undefined) return undefined;
  return widened('effects', `the effect ${more} is not permitted above`);
}

function checkGrants(parent: Terms, child: Terms): Refusal | undefined {
  for (const grant of child.grants) {
    const found = uncoveredGrant(parent, grant);
    if (found !== undefined) return found;
  }
  return undefined;
}

function checkBudget(parent: Terms, child: Terms): Refusal | undefined {
  const dimension = fits(child.budget, parent.budget);
  if (dimension === undefined) return undefined;
  return widened('budget', `the budget of ${dimension} is larger than the one above`);
}

function checkWindow(parent: Terms, child: Terms): Refusal | undefined {
  const within =
    child.window.notBefore >= parent.window.notBefore &&
    child.window.notAfter <= parent.window.notAfter;
  return within ? undefined : widened('window', 'the window reaches beyond the one above');
}

function checkDelegation(parent: Terms, child: Terms): Refusal | undefined {
  const within =
    child.delegation.depth <= parent.delegation.depth &&
    child.delegation.children <= parent.delegation.children;
  return within ? undefined : widened('delegation', 'it may delegate more than the one above');
}

const components = [checkGrants, checkEffects, checkBudget, checkWindow, checkDelegation];

/**
 * Whether terms grant no more than the terms above them, in every component. Refuses with
 * `writ.widened`, naming the component. Whatever the child admits, the parent admits. Sound: where
 * an implication between conditions cannot be told, it is a no.
 */
export function covers(parent: Terms, child: Terms): Refusal | undefined {
  for (const check of components) {
    const found = check(parent, child);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Whether a child with these terms may stand directly below: covered, in a generation less, and
 * below terms that allow children. Refuses with `writ.widened`.
 */
export function checkEdge(parent: Terms, child: Terms): Refusal | undefined {
  if (parent.delegation.children < 1) {
    return widened('delegation', 'the writ above allows no children');
  }
  if (!(child.delegation.depth < parent.delegation.depth)) {
    return widened('delegation', 'the depth of delegation does not fall');
  }
  return covers(parent, child);
}
