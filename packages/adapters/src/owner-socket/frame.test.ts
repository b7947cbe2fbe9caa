import { describe, expect, it } from 'vitest';
import { encodeFrame, FrameReader } from './frame.ts';

/** All messages that come out when the bytes arrive in pieces of this size. */
function readInPieces(bytes: Buffer, size: number): string[] | undefined {
  const reader = new FrameReader();
  const messages: string[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const read = reader.push(bytes.subarray(at, at + size));
    if (read === undefined) return undefined;
    messages.push(...read);
  }
  return messages;
}

describe('a framed message', () => {
  const messages = ['', 'a', 'grüße 🌍', 'x'.repeat(70_000)];
  const bytes = Buffer.concat(messages.map(encodeFrame));

  it('comes out whole, however its bytes arrive', () => {
    const sizes = [1, 2, 3, 5, 4_096, bytes.length];
    expect(sizes.map((size) => readInPieces(bytes, size))).toEqual(sizes.map(() => messages));
  });

  it('is not given before its last byte', () => {
    const frame = encodeFrame('whole');
    expect(readInPieces(frame.subarray(0, -1), 4)).toEqual([]);
  });

  it('is none when it announces more than a message may have', () => {
    expect(new FrameReader().push(Buffer.from([0xff, 0xff, 0xff, 0xff]))).toBeUndefined();
    expect(new FrameReader().push(Buffer.from([4, 0, 0, 1]))).toBeUndefined();
    expect(new FrameReader().push(Buffer.from([4, 0, 0, 0]))).toEqual([]);
  });

  it('is none when it is not UTF-8', () => {
    expect(new FrameReader().push(Buffer.from([0, 0, 0, 2, 0xc3, 0x28]))).toBeUndefined();
  });

  it('is refused when it would be too long', () => {
    expect(() => encodeFrame('x'.repeat(64 * 1024 * 1024 + 1))).toThrow('entry.invalid');
  });
});
