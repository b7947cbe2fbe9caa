import { describe, expect, it } from 'vitest';
import { bytesDigest } from '@chancery/kernel/encoding';
import { Fault } from '@chancery/kernel/refusal';
import { genesis, turns } from '@chancery/testkit/store-suite';
import { pack, unpack } from './packing.ts';

const bytes = new Uint8Array([1, 2, 3]);
const blob = { digest: bytesDigest(bytes), bytes, mediaType: 'text/plain' };
const head = { seq: 4, digest: 'a'.repeat(64) };
const batches = [
  genesis,
  {
    ...turns('run:a', null, 2),
    reads: [
      { stream: 'policy', head },
      { stream: 'control', head: null },
    ],
    blobs: [blob],
  },
  turns('run:b', head, 1),
];

describe('batches that are packed', () => {
  it('come back with all that is written of them, in their order', () => {
    const outlines = batches.map(({ entries, writes, reads, blobs }) => ({
      entries: entries.map(({ entry: { stream, seq, prev }, text, digest }) => ({
        entry: { stream, seq, prev },
        text,
        digest,
      })),
      ...{ writes, reads, blobs },
    }));
    expect(unpack(structuredClone(pack(batches)))).toEqual(outlines);
    expect(unpack(pack([]))).toEqual([]);
  });

  it('are not read when one is cut short', () => {
    const packed = pack(batches);
    expect(() => unpack(packed.slice(0, -1))).toThrow(Fault);
  });
});
