import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { recordText, type Json, type JsonObject } from '../encoding/index.ts';
import { actionText, inlineText } from './named-text.ts';

/** Values whose texts may look like the frames that are cut away. */
const value: fc.Arbitrary<Json> = fc.letrec<{ readonly json: Json; readonly object: JsonObject }>(
  (tie) => ({
    json: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom('},"resolved":{"inline":', '"', '\u20ac', null, true),
      fc.integer(),
      fc.array(tie('json'), { maxLength: 3 }),
      tie('object'),
    ),
    object: fc.dictionary(fc.constantFrom('inline', 'resolved', 'a', '"'), tie('json'), {
      maxKeys: 3,
    }),
  }),
).object;

const digest = 'a'.repeat(64);
const names = { contract: digest, intent: digest, ledger: digest, writ: digest };
const blob = { digest, bytes: 1, mediaType: 'application/json' };

describe('the text of an action, out of its record', () => {
  it('is what would be written of the action', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), value, value, (capability, args, facts) => {
        const frame = { capability, ...names, stream: 'run:a' };
        const recorded = {
          ...frame,
          normalisedArgs: { inline: args },
          resolved: { inline: facts },
        };
        const text = recordText({ ...frame, normalisedArgs: args, resolved: facts });
        expect(actionText(recorded, recordText(recorded))).toBe(text);
      }),
      cases(100),
    );
  });

  it('is not known where a content of it is a blob', () => {
    const frame = { capability: 'fs.write', ...names, stream: 'run:a' };
    const large = { ...frame, normalisedArgs: { blob }, resolved: { inline: {} } };
    expect(actionText(large, recordText(large))).toBeUndefined();
    const facts = { ...frame, normalisedArgs: { inline: {} }, resolved: { blob } };
    expect(actionText(facts, recordText(facts))).toBeUndefined();
    expect(inlineText(recordText({ blob }))).toBeUndefined();
  });
});
