import { expect, test } from 'vitest';
import { detached } from './detached.ts';

test.each(['', 'run:r1', '\ufeffa name', '✍ and 𝄞', 'a\u0000b', 'a'.repeat(70_000)])(
  'a detached text is the same text: %j',
  (text) => {
    const within = `before ${text} after`;
    expect(detached(within.slice('before '.length, -' after'.length))).toBe(text);
  },
);
