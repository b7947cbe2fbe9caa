import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { recordText } from '../../packages/kernel/src/encoding/index.ts';
import {
  bodyText,
  catalogue,
  type Kind,
  type Schema,
} from '../../packages/kernel/src/ledger/index.ts';
import { admitted } from './schema-values.ts';
import { textsFile, textsText } from './texts.ts';

const root = path.resolve(import.meta.dirname, '../..');
const kinds = Object.entries(catalogue) as [Kind, Schema][];

/** What is written of a value, or that it cannot be. */
function written(write: () => string): string {
  try {
    return write();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe('the writing functions', () => {
  test('are those of the catalogue as it is: `npm run generate` makes them', () => {
    expect(readFileSync(path.join(root, textsFile), 'utf8')).toBe(textsText());
  });

  test.each(kinds)(
    'of %s write every admitted body canonically, or refuse it alike',
    (kind, schema) => {
      fc.assert(
        fc.property(admitted(schema), (body) => {
          expect(written(() => bodyText(kind, body))).toBe(written(() => recordText(body)));
        }),
        cases(100),
      );
    },
  );

  test('leave no deeper nesting than a record may have', () => {
    const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);
    const intent = (depth: number): unknown => ({
      ...{ callId: '', digest: 'a'.repeat(64), nonce: null, origin: 'human', turn: 0 },
      intent: { inline: nested(depth) },
    });
    for (const depth of [61, 62, 63]) {
      const body = intent(depth);
      expect(written(() => bodyText('intent.proposed', body))).toBe(
        written(() => recordText(body)),
      );
    }
  });
});
