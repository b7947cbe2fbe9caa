import { fits, isAmounts } from '../../account/index.ts';
import { established, pass, refuse, type Stage } from '../compilation.ts';

/** Stage 10: the estimate fits what is left in the account of the writ. */
export const budget: Stage = (compilation) => {
  const { available } = compilation.input;
  const { estimate } = established(compilation.normalised);
  if (!isAmounts(estimate)) return refuse('budget.exhausted', 'the estimate is not an amount');
  const dimension = fits(estimate, available);
  if (dimension === undefined) return pass;
  const details = { dimension, needed: estimate[dimension], left: available[dimension] };
  return refuse('budget.exhausted', `what is left of ${dimension} does not cover the estimate`, {
    details,
  });
};
