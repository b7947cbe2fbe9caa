import { leavesOf, refusalOf, valueOf } from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import { leafDigest } from '../encoding/index.ts';
import { checkEntryLength, entryBytesMax } from '../ledger/index.ts';
import { checkBundle, decodeBundle, encodeBundle } from './bundle.ts';

const texts = ['{"a":1}', '', '\ufeff✍'];
const bytes = valueOf(encodeBundle(texts));
const place = { index: 0, width: texts.length };

describe('an entry bundle', () => {
  test('is each entry after its length in two bytes', () => {
    expect([...valueOf(encodeBundle(['ab', '✍']))]).toEqual([
      ...[0, 2, 0x61, 0x62],
      ...[0, 3, 0xe2, 0x9c, 0x8d],
    ]);
    expect(valueOf(decodeBundle(bytes, place))).toEqual(texts);
  });

  test.each([
    ['a byte too few', bytes.slice(0, -1)],
    ['half a length', bytes.slice(0, 1)],
    ['a byte too many', Uint8Array.of(...bytes, 0)],
    ['an entry too many', Uint8Array.of(...bytes, 0, 0)],
    ['an entry too few', valueOf(encodeBundle(texts.slice(1)))],
    ['nothing', new Uint8Array()],
    ['what is not UTF-8', Uint8Array.of(0, 0, 0, 0, 0, 1, 0xff)],
  ])('of %s is refused', (_what, wrong) => {
    expect(refusalOf(decodeBundle(wrong, place)).code).toBe('tile.invalid');
  });

  test('belongs to the tile that has the hashes of its entries', () => {
    const hashes = texts.map(leafDigest);
    expect(checkBundle(texts, hashes)).toBeUndefined();
    expect(checkBundle(texts, hashes.toReversed())?.message).toContain('entry 0');
    expect(checkBundle(texts, hashes.slice(1))?.code).toBe('tile.invalid');
    expect(checkBundle(texts, leavesOf(3))?.code).toBe('tile.invalid');
  });
});

describe('an entry', () => {
  const longest = 'a'.repeat(entryBytesMax - 3);

  test('of 65,535 bytes has a place in a bundle', () => {
    expect(checkEntryLength(`${longest}✍`)).toBeUndefined();
    const bundle = valueOf(encodeBundle([`${longest}✍`]));
    expect(valueOf(decodeBundle(bundle, { index: 0, width: 1 }))).toEqual([`${longest}✍`]);
  });

  test('of a byte more has none', () => {
    expect(checkEntryLength(`${longest}✍.`)?.code).toBe('entry.too-long');
    expect(refusalOf(encodeBundle([`${longest}✍.`])).code).toBe('entry.too-long');
  });
});
