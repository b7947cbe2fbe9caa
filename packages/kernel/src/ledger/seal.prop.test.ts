import { signerFrom } from '@chancery/testkit/builders';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { recordText } from '../encoding/index.ts';
import { assert } from '../refusal/index.ts';
import { checkBatch } from './check-batch.ts';
import type { Draft, Head, SealedEntry } from './entry.ts';
import { openEntry, readEntry } from './open.ts';
import { sealBatch } from './seal.ts';

const ledger = 'c'.repeat(64);
const integers = fc.maxSafeInteger();
const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(fc.constant(null), fc.boolean(), integers, fc.string({ unit: 'binary' })),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.string({ unit: 'binary', maxLength: 4 }), tie('value'), { maxKeys: 4 }),
  ),
})).value;

const drafts: fc.Arbitrary<readonly Draft[]> = fc.array(
  fc.tuple(fc.constantFrom('run:a', 'run:b', 'run:c'), json).map(([stream, intent]): Draft => ({
    stream,
    kind: 'intent.proposed',
    body: {
      ...{ origin: 'model', turn: 0, callId: '', digest: '0'.repeat(64), nonce: null },
      intent: { inline: intent },
    } as Draft<'intent.proposed'>['body'],
  })),
  { minLength: 1, maxLength: 5 },
);

function sealAll(batches: readonly (readonly Draft[])[]) {
  const heads = new Map<string, Head>();
  return batches.map((each, index) => {
    const writes = [...new Set(each.map(({ stream }) => stream))].map((stream) => ({
      stream,
      head: heads.get(stream) ?? null,
    }));
    const by = signerFrom(1).id;
    const batch = sealBatch({
      ledger,
      by,
      nowMs: index,
      batchId: `b${index}`,
      heads,
      drafts: each,
    });
    assert(batch.ok, 'the batch is sealed');
    for (const [stream, head] of batch.value.heads) heads.set(stream, head);
    return { entries: batch.value.entries, writes, reads: [], blobs: [] };
  });
}

describe('any sequence of drafts', () => {
  test('seals into batches that check, each upon the heads of those before', () => {
    fc.assert(
      fc.property(fc.array(drafts, { maxLength: 4 }), (batches) => {
        for (const batch of sealAll(batches)) {
          expect(checkBatch(batch, ledger)).toEqual({ ok: true, value: null });
        }
      }),
      cases(100),
    );
  });

  test('is sealed as JCS, and opens as what was sealed', () => {
    fc.assert(
      fc.property(drafts, (batch) => {
        for (const sealed of sealAll([batch])[0]?.entries ?? []) {
          const { stream, seq } = sealed.entry;
          expect(sealed.text).toBe(recordText(sealed.entry));
          const opened = openEntry({ stream, seq, text: sealed.text });
          expect(recordText(opened.entry)).toBe(sealed.text);
          expect(opened.digest).toBe(sealed.digest);
        }
      }),
      cases(100),
    );
  });

  test('gives texts in which no byte can be flipped unnoticed', () => {
    fc.assert(
      fc.property(drafts, fc.nat(), fc.integer({ min: 1, max: 255 }), (batch, at, mask) => {
        const [sealed] = sealAll([batch])[0]?.entries ?? [];
        assert(sealed !== undefined, 'a batch has an entry');
        const read = flipped(sealed, at, mask);
        expect(read.ok && read.value.digest === sealed.digest).toBe(false);
      }),
      cases(500),
    );
  });
});

function flipped(sealed: SealedEntry, at: number, mask: number) {
  const bytes = new TextEncoder().encode(sealed.text);
  const index = at % bytes.length;
  bytes[index] = (bytes[index] ?? 0) ^ mask;
  const { stream, seq } = sealed.entry;
  return readEntry({ stream, seq, text: new TextDecoder().decode(bytes) });
}
