import { subjectOf, unmetPredicate } from '../../writ/index.ts';
import { established, pass, refuse, type Stage } from '../compilation.ts';
import { isChanging } from '../protected-paths.ts';

/** Stage 8: conditions of the grant on the normalised arguments; effects within the ceiling. */
export const scope: Stage = (compilation) => {
  const grant = established(compilation.grant);
  const effects = established(compilation.effects);
  const { args, command } = established(compilation.normalised);
  const unmet = unmetPredicate(grant, {
    args,
    programs: command?.programs ?? [],
    manifest: established(compilation.capability).contract.manifest,
  });
  if (unmet !== undefined) {
    return refuse(
      'writ.out-of-scope',
      `${subjectOf(unmet)} ${unmet.op === 'programs-in' ? 'are' : 'is'} outside the grant of ${grant.capability} (${unmet.op})`,
    );
  }
  if (established(compilation.intent).kind === 'query' && isChanging(effects)) {
    return refuse('writ.effect-exceeded', 'a query changes nothing: propose it as an act');
  }
  const ceiling = established(compilation.writ).writ.effects;
  for (const effect of effects) {
    if (effect !== 'pure' && !ceiling.includes(effect)) {
      return refuse('writ.effect-exceeded', `the writ does not permit the effect "${effect}"`);
    }
  }
  return pass;
};
