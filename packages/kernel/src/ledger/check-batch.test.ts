import { signerFrom } from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import { bytesDigest, leafDigest } from '../encoding/index.ts';
import { assert, done } from '../refusal/index.ts';
import { checkBatch } from './check-batch.ts';
import type { Draft, Head, SealedEntry } from './entry.ts';
import { entryBytesMax } from './entry-length.ts';
import { sealBatch } from './seal.ts';
import type { SealedBatch } from './store.ts';

const ledger = 'c'.repeat(64);
const head: Head = { seq: 3, digest: 'd'.repeat(64) };
const bytes = new TextEncoder().encode('contents');
const blob = { digest: bytesDigest(bytes), bytes, mediaType: 'text/plain' };

function turn(stream: string, number: number): Draft {
  return { stream, kind: 'turn.started', body: { turn: number } };
}

function sealed(drafts: readonly Draft[], id = 'b1'): readonly SealedEntry[] {
  const heads = new Map([['run:a', head]]);
  const by = signerFrom(1).id;
  const batch = sealBatch({ ledger, by, nowMs: 1, batchId: id, heads, drafts });
  assert(batch.ok, 'the batch is sealed');
  return batch.value.entries;
}

const entries = sealed([turn('run:a', 1), turn('run:b', 1), turn('run:a', 2)]);
const batch: SealedBatch = {
  entries,
  writes: [
    { stream: 'run:a', head },
    { stream: 'run:b', head: null },
  ],
  reads: [{ stream: 'ledger', head }],
  blobs: [blob],
};

function edited(index: number, edit: (text: string) => string): SealedBatch {
  const changed = entries.map((entry, at) => {
    if (at !== index) return entry;
    const text = edit(entry.text);
    return { ...entry, text, digest: leafDigest(text) };
  });
  return { ...batch, entries: changed };
}

describe('checkBatch', () => {
  test('accepts a batch that was sealed upon the heads that it names', () => {
    expect(checkBatch(batch)).toEqual(done(null));
    expect(checkBatch(batch, ledger)).toEqual(done(null));
  });

  test('refuses an entry that no bundle can hold before it reads it', () => {
    const long = edited(1, (text) => text.padEnd(entryBytesMax + 1));
    expect(checkBatch(long)).toMatchObject({
      refusal: {
        code: 'entry.too-long',
        message: 'entry 1: the entry has 65536 bytes, 65535 at most',
      },
    });
  });

  test.each<readonly [string, SealedBatch, string]>([
    ['no entry', { ...batch, entries: [] }, 'a batch without an entry'],
    [
      'a stream that is written and not named',
      { ...batch, writes: batch.writes.slice(1) },
      'the streams of `writes` are not those of the entries',
    ],
    [
      'a stream that is named and not written',
      { ...batch, writes: [...batch.writes, { stream: 'run:c', head: null }] },
      'the streams of `writes` are not those of the entries',
    ],
    [
      'a stream that is named twice',
      { ...batch, reads: [{ stream: 'run:a', head }] },
      'a stream is named twice',
    ],
    [
      'a text that is not canonical',
      edited(1, (text) => `${text} `),
      'entry 1: the text is not canonical JSON',
    ],
    [
      'a text that says another thing than the entry',
      edited(1, (text) => text.replace('"stream":"run:b"', '"stream":"run:c"')),
      'entry 1: it says that it is entry 0 of run:c',
    ],
    [
      'a digest that is not that of the text',
      { ...batch, entries: entries.map((entry) => ({ ...entry, digest: head.digest })) },
      'entry 0: the digest is not that of the text',
    ],
    [
      'an entry that does not follow the head',
      { ...batch, writes: [{ stream: 'run:a', head: null }, ...batch.writes.slice(1)] },
      'entry 0: seq 4 does not follow the head of run:a',
    ],
    [
      'a link to another head',
      {
        ...batch,
        writes: [{ stream: 'run:a', head: { seq: 3, digest: ledger } }, ...batch.writes.slice(1)],
      },
      'entry 0: prev is not the digest of what run:a goes on from',
    ],
    [
      'a link to what an earlier entry of the batch was',
      edited(0, (text) => text.replace('"turn":1', '"turn":9')),
      'entry 2: prev is not the digest of what run:a goes on from',
    ],
    [
      'a member that is missing',
      { ...batch, entries: entries.slice(0, 2) },
      'entry 0: its batch mark is not that of this batch',
    ],
    [
      'members in another order',
      { ...batch, entries: [1, 0, 2].flatMap((index) => entries[index] ?? []) },
      'entry 0: its batch mark is not that of this batch',
    ],
    [
      'a member of another batch',
      edited(1, (text) => text.replace('"id":"b1"', '"id":"b2"')),
      'entry 1: its batch mark is not that of this batch',
    ],
    [
      'a blob whose bytes have another digest',
      { ...batch, blobs: [{ ...blob, digest: ledger }] },
      `the bytes of the blob ${ledger} have another digest`,
    ],
  ])('refuses %s', (_what, wrong, message) => {
    const checked = checkBatch(wrong);
    expect(checked.ok ? undefined : checked.refusal).toMatchObject({
      code: 'entry.invalid',
      message,
    });
  });

  test('refuses a new stream that begins from another ledger', () => {
    const checked = checkBatch(batch, head.digest);
    expect(checked.ok ? undefined : checked.refusal.message).toBe(
      'entry 1: prev is not the digest of what run:b goes on from',
    );
  });

  test('refuses new streams of two ledgers in one batch', () => {
    const two = sealed([turn('run:b', 1), turn('run:c', 1)]).map((entry, index) => {
      const text = index === 0 ? entry.text : entry.text.replace(ledger, head.digest);
      return { ...entry, text, digest: leafDigest(text) };
    });
    const writes = [
      { stream: 'run:b', head: null },
      { stream: 'run:c', head: null },
    ];
    expect(checkBatch({ ...batch, entries: two, writes }).ok).toBe(false);
  });

  test('refuses a kind that is not in the catalogue', () => {
    const checked = checkBatch(edited(1, (text) => text.replace('turn.started', 'turn.imagined')));
    expect(checked.ok ? undefined : checked.refusal.code).toBe('entry.unknown-kind');
  });
});
