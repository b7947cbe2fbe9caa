import { describe, expect, it } from 'vitest';
import { genesis, storeSuite } from '@chancery/testkit/store-suite';
import { MemoryStore } from './store.ts';

storeSuite({ describe, expect, it }, 'memory', {
  isPersistent: false,
  place: async () => ({ open: async () => new MemoryStore(), dispose: async () => undefined }),
});

describe('what a memory store gives back', () => {
  it('cannot be changed from outside', async () => {
    const store = new MemoryStore();
    const bytes = new Uint8Array([1]);
    const blob = {
      digest: '4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a',
      bytes,
      mediaType: 'application/octet-stream',
    };
    await store.append({ ...genesis, blobs: [blob] });
    bytes[0] = 2;
    (await store.blob(blob.digest))?.fill(3);
    expect(await store.blob(blob.digest)).toEqual(new Uint8Array([1]));
    expect((await store.readAll(0, 1)).every(Object.isFrozen)).toBe(true);
  });
});
