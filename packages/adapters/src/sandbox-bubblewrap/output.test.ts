import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { capture } from './output.ts';

describe('capture', () => {
  it('keeps the first bytes and counts them all, however they are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 20 })),
        fc.nat(100),
        async (chunks, limit) => {
          const all = Buffer.concat(chunks);
          const stream = Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
          const captured = capture(stream, limit);
          await finished(stream);
          expect(captured.total()).toBe(all.length);
          expect(captured.bytes()).toEqual(new Uint8Array(all.subarray(0, limit)));
        },
      ),
      cases(100),
    );
  });

  it('takes a stream that breaks for one that ends', async () => {
    const stream = new Readable({ read: () => undefined });
    const captured = capture(stream, 10);
    stream.push(Buffer.from('seen'));
    stream.once('data', () => stream.destroy(new Error('reset')));
    await new Promise((resolve) => stream.once('close', resolve));
    expect(Buffer.from(captured.bytes()).toString()).toBe('seen');
  });
});
