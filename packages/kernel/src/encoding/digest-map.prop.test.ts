import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { bytesDigest, type Digest } from './digest.ts';
import { DigestMap } from './digest-map.ts';

const most = 0xffff_ffff;

/** What is set, in this order, and a digest to ask for that may not be there. */
function agrees(sets: readonly (readonly [Digest, number])[], others: readonly Digest[]): void {
  const [map, model] = [new DigestMap(), new Map<Digest, number>()];
  for (const [digest, value] of sets) {
    map.set(digest, value);
    model.set(digest, value);
  }
  for (const digest of [...model.keys(), ...others]) {
    expect(map.get(digest)).toBe(model.get(digest));
  }
}

const value = fc.integer({ min: 0, max: most });
const digest = fc.nat({ max: 400 }).map((n) => bytesDigest(`${n}`));

describe('a map of digests', () => {
  test('says what a Map says', () => {
    const sets = fc.array(fc.tuple(digest, value), { maxLength: 600 });
    fc.assert(fc.property(sets, fc.array(digest, { maxLength: 20 }), agrees), cases(100));
  });

  test('tells digests apart that differ in one digit, wherever it is', () => {
    const first = bytesDigest('one');
    const others = Array.from(first, (digit, at) => {
      const another = digit === '0' ? '1' : '0';
      return `${first.slice(0, at)}${another}${first.slice(at + 1)}`;
    });
    agrees([[first, 7]], others);
    agrees(
      [first, ...others].map((each, index) => [each, index]),
      [],
    );
  });

  test('keeps more than one part of rows, with the smallest and the largest numbers', () => {
    const sets = Array.from({ length: 10_000 }, (_, index) => {
      return [bytesDigest(`${index}`), index % 2 === 0 ? most - index : index] as const;
    });
    agrees(sets, [bytesDigest('none')]);
  });

  test('says so of digests that were made up to stand in the same place, too', () => {
    const alike = Array.from({ length: 500 }, (_, n) => {
      return ['0'.repeat(8) + bytesDigest(`${n}`).slice(8), n] as const;
    });
    const others = Array.from({ length: 2_000 }, (_, n) => [bytesDigest(`other ${n}`), n] as const);
    const again = alike.map(([each, n]) => [each, n + 1] as const);
    agrees([...alike, ...others, ...again], ['0'.repeat(64), '0'.repeat(8) + 'f'.repeat(56)]);
  });

  test('takes no more time for digests that were made up than for others', () => {
    // With one look at each of those before, these are 2 * 10^10 looks, and minutes.
    const map = new DigestMap();
    for (let n = 0; n < 200_000; n += 1) {
      map.set('0'.repeat(8) + n.toString(16).padStart(56, '0'), n);
    }
    expect(map.get('0'.repeat(8) + (199_999).toString(16).padStart(56, '0'))).toBe(199_999);
  });
});
