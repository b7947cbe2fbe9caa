import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import {
  canonicalText,
  leafDigest,
  maxDepth,
  recordText,
} from '../../packages/kernel/src/encoding/index.ts';
import {
  catalogue,
  checkBody,
  entrySchema,
  namedMembers,
  readFast,
  type Kind,
  type Schema,
} from '../../packages/kernel/src/ledger/index.ts';
import { readersFile, readersText } from './readers.ts';
import { admitted, spoiled } from './schema-values.ts';

const isEntry = new Ajv2020().compile(entrySchema);
const root = path.resolve(import.meta.dirname, '../..');

/** The text of an entry with this body; nothing here asks for its links or its home. */
function entryOf(kind: string, body: unknown): string {
  const digest = 'ab'.repeat(32);
  return canonicalText({
    at: 1_700_000_000_000,
    batch: { id: 'run:r1@1', index: 0, size: 2 },
    body,
    by: `ed25519:${digest}`,
    cause: kind === 'commit' ? digest : null,
    kind,
    prev: digest,
    seq: 7,
    stream: 'run:r1',
    ...(kind === 'commit' ? { trace: `00-${'0a'.repeat(16)}-${'1b'.repeat(8)}-01` } : {}),
    v: 1,
  });
}

/** Whether the text is read; a text that is, is the canonical one of an entry of the catalogue. */
function isRead(text: string): boolean {
  const read = readFast(text, 'run:r1');
  if (read === undefined) return false;
  const { entry, digest, named } = read;
  expect(digest).toBe(leafDigest(text));
  expect(recordText(entry, maxDepth + 1)).toBe(text);
  expect([isEntry(entry), checkBody(entry.kind, entry.body)]).toEqual([true, undefined]);
  const member = (namedMembers as { readonly [K in Kind]?: string })[entry.kind];
  const value = (entry.body as Readonly<Record<string, unknown>>)[member ?? ''];
  expect(named).toBe(member === undefined ? undefined : recordText(value));
  return true;
}

const kinds = Object.entries(catalogue) as [Kind, Schema][];
const pieces = ['', '"', '\\', '0', '7', 'a', ' ', ',', '}', '{', '\u0000', 'é', '\ud800'];

describe('the reading functions', () => {
  test('are those of the catalogue as it is: `npm run generate` makes them', () => {
    expect(readFileSync(path.join(root, readersFile), 'utf8')).toBe(readersText());
  });

  test.each(kinds)('of %s read every body that the schema admits', (kind, schema) => {
    fc.assert(
      fc.property(recordable(admitted(schema)), (body) => {
        expect(isRead(entryOf(kind, body))).toBe(true);
      }),
      cases(60),
    );
  });

  test.each(kinds)('of %s read no body that the schema does not admit', (kind, schema) => {
    fc.assert(
      fc.property(recordable(admitted(schema).chain(spoiled)), (body) => {
        expect(isRead(entryOf(kind, body))).toBe(checkBody(kind, body) === undefined);
      }),
      cases(60),
    );
  });

  test.each(kinds)('of %s read no text that is changed in any place', (kind, schema) => {
    const [body] = fc.sample(recordable(admitted(schema)), { numRuns: 1, seed: 5 });
    const text = entryOf(kind, body);
    let taken = 0;
    for (let at = 0; at <= text.length; at += 1) {
      for (const piece of pieces) {
        for (const less of [0, 1]) {
          const changed = text.slice(0, at) + piece + text.slice(at + less);
          if (isRead(changed) && changed !== text) taken += 1;
        }
      }
    }
    // A digit or a letter in its place makes another entry, which is right as well.
    expect(taken).toBeGreaterThan(100);
  });
});

/** Those of the values that can be recorded: integers, and no lone surrogates. */
function recordable(values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return values.filter((value) => {
    try {
      recordText(value);
      return true;
    } catch {
      return false;
    }
  });
}
