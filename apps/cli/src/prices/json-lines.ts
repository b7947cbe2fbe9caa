import { closed, count, digest, keyId, line, listOf, oneOf, orNull, text } from '../json-line.ts';

const price = { inputMicrousd: count, cachedInputMicrousd: count, outputMicrousd: count };

/** What the commands about prices tell; prices are micro-USD for a million tokens. */
export const priceLines = {
  'price-table': line(
    ['prices list'],
    'A price table that is in effect, or will be; `fallback` is the price of a model that is not known otherwise.',
    {
      ...{ state: oneOf('in-effect', 'to-come'), entry: digest, by: keyId },
      ...{ declaredAtMs: count, effectiveFromMs: count },
      ...{ source: text, fallback: orNull(closed(price)) },
      models: listOf(closed({ model: text, ...price })),
    },
  ),
  price: line(['prices list'], 'What a run pays for this model that is started now.', {
    ...{ model: text, ...price, source: text },
    by: oneOf('table', 'built-in'),
  }),
  'price-template': line(['prices template'], 'A file to begin with was written.', {
    ...{ file: text, models: count },
  }),
  'price-change': line(
    ['prices check', 'prices declare'],
    'A price that differs from the table whose place is taken; null where one has none. `model` is null for the fallback.',
    { model: orNull(text), before: orNull(closed(price)), after: orNull(closed(price)) },
  ),
  'prices-checked': line(['prices check'], 'A file could be declared.', {
    ...{ file: text, effectiveFromMs: count, models: count, changes: count },
  }),
  'prices-declared': line(
    ['prices declare'],
    'What models cost from then on; `entry` is null where it was declared so before.',
    {
      ...{ entry: orNull(digest), by: keyId, effectiveFromMs: count, source: text },
      ...{ models: count, changes: count },
    },
  ),
};
