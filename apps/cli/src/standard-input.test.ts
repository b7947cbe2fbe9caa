import { expect, it } from 'vitest';
import { inputBytes } from './standard-input.ts';

async function* from(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}

it('reads what has an end, up to the last byte that may be', async () => {
  const chunks = [Buffer.from('ab'), Buffer.from('c')];
  expect(await inputBytes(3, from(chunks))).toEqual(Buffer.from('abc'));
  expect(await inputBytes(2, from(chunks))).toBeUndefined();
  expect(await inputBytes(0, from([]))).toEqual(Buffer.alloc(0));
});

it('does not wait for what never ends', async () => {
  let given = 0;
  const endless = {
    next: () => {
      given += 1;
      if (given > 100) throw new Error('it goes on reading');
      return Promise.resolve({ done: false as const, value: Buffer.alloc(1_000) });
    },
    [Symbol.asyncIterator]: () => endless,
  };
  expect(await inputBytes(10_000, endless)).toBeUndefined();
  expect(given).toBe(11);
});
