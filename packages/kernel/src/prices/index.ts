export { checkTable, declarePrices, readPrices } from './declaration.ts';
export {
  evolvePrices,
  isPricesEntry,
  type DeclaredPrices,
  type DeclaredTable,
  type PlacedPricesEntry,
} from './evolve.ts';
export {
  fallbackPrice,
  pricedBy,
  rowPrice,
  tableAt,
  whyMispriced,
  type RunPrice,
} from './price-in.ts';
export {
  modelForm,
  rowOf,
  sourceMax,
  tokenPriceMax,
  type ModelPrice,
  type PriceTable,
} from './table.ts';
