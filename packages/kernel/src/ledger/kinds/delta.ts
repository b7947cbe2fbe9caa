import { any, array, count, object, text } from '../schema.ts';

/** Operations on the world, in order; see `Delta`. */
export const delta = array({
  anyOf: [
    object({ op: { const: 'put' }, key: text, value: any, expect: count }),
    object({ op: { const: 'delete' }, key: text, expect: count }),
  ],
});
