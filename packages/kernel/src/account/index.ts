export { leftOf, overrunOf, sumOf, takenOf, type Account } from './account.ts';
export { dimensions, type Amounts, type Dimension } from './amounts.ts';
export {
  costMicrousd,
  reserve,
  spendOf,
  type ModelSpend,
  type TokenPrice,
  type Usage,
} from './price.ts';
export { crossings, thresholds, type Crossing } from './thresholds.ts';
export {
  addAmounts,
  clampedSubtract,
  fits,
  isAmounts,
  maxAmounts,
  minAmounts,
  subtractAmounts,
  zeroAmounts,
} from './arithmetic.ts';
