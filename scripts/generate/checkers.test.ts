import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import {
  catalogue,
  checkBody,
  type Kind,
  type Schema,
} from '../../packages/kernel/src/ledger/index.ts';
import { checkersFile, checkersText } from './checkers.ts';
import { admitted, spoiled } from './schema-values.ts';

const root = path.resolve(import.meta.dirname, '../..');

describe('the checking functions', () => {
  test('are those of the catalogue as it is: `npm run generate` makes them', () => {
    expect(readFileSync(path.join(root, checkersFile), 'utf8')).toBe(checkersText());
  });

  const ajv = new Ajv2020();

  test.each(Object.entries(catalogue) as [Kind, Schema][])(
    'of %s admit exactly what an independent validator of JSON Schema admits',
    (kind, schema) => {
      const validate = ajv.compile(schema);
      const bodies = admitted(schema).chain((body) => fc.oneof(fc.constant(body), spoiled(body)));
      fc.assert(
        fc.property(bodies, (body) => {
          expect(checkBody(kind, body) === undefined).toBe(validate(body));
        }),
        cases(150),
      );
    },
  );
});
