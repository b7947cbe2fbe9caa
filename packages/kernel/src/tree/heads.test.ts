import { leavesOf, someDigest, withChangedDigit } from '@chancery/testkit/builders';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { bytesDigest, bytesOfHex, hexOfBytes, type Digest } from '../encoding/index.ts';
import type { StreamHead } from '../ledger/index.ts';
import { Fault } from '../refusal/index.ts';
import { bitOf, headsKey } from './heads-hash.ts';
import { emptyHeadsMap, withHeads, type HeadsMap } from './heads-map.ts';
import { headOf, proveHead, verifyHead } from './heads-proof.ts';

const headAt = (stream: string, seq: number): StreamHead => ({
  stream,
  head: { seq, digest: someDigest(`${stream}@${seq}`) },
});
const many = Array.from({ length: 50 }, (_, index) => headAt(`run:${index}`, index));
const map = withHeads(emptyHeadsMap, many);

/** The root as `docs/internals/tree.md` defines it, from all heads at once. */
function definedRoot(heads: readonly StreamHead[], depth = 0): Digest {
  const [only] = heads;
  if (only === undefined) return bytesDigest('chancery:heads-empty:v1\n');
  const ascii = (text: string) => hexOfBytes(new TextEncoder().encode(text));
  const sha256 = (...hex: readonly string[]) => bytesDigest(bytesOfHex(hex.join('')));
  const keyOf = ({ stream }: StreamHead) => sha256(ascii('chancery:heads-key:v1\n'), ascii(stream));
  if (heads.length === 1) {
    const seq = only.head.seq.toString(16).padStart(16, '0');
    return sha256(ascii('chancery:heads-leaf:v1\n'), keyOf(only), seq, only.head.digest);
  }
  const bitIs = (wanted: string) => (each: StreamHead) =>
    BigInt(`0x${keyOf(each)}`)
      .toString(2)
      .padStart(256, '0')
      .charAt(depth) === wanted;
  return sha256(
    ascii('chancery:heads-fork:v1\n'),
    definedRoot(heads.filter(bitIs('0')), depth + 1),
    definedRoot(heads.filter(bitIs('1')), depth + 1),
  );
}

describe('the map of stream heads', () => {
  test.each([0, 1, 2, 3, 50])('of %d streams has the root that is defined', (count) => {
    const some = many.slice(0, count);
    expect(withHeads(emptyHeadsMap, some).digest).toBe(definedRoot(some));
  });

  test('has the same root in whatever order and batches the heads came', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: 30 }), fc.integer({ min: 1, max: 4 })), { maxLength: 60 }),
        fc.integer({ min: 1, max: 9 }),
        (changes, width) => {
          const last = new Map<string, number>();
          const steps = changes.map(([index, by]) => {
            const stream = `run:${index}`;
            const seq = (last.get(stream) ?? -1) + by;
            last.set(stream, seq);
            return headAt(stream, seq);
          });
          let grown: HeadsMap = emptyHeadsMap;
          for (let at = 0; at < steps.length; at += width) {
            const batch = new Map(steps.slice(at, at + width).map((step) => [step.stream, step]));
            grown = withHeads(grown, [...batch.values()]);
          }
          const heads = [...last].map(([stream, seq]) => headAt(stream, seq));
          expect(grown.digest).toBe(definedRoot(heads));
        },
      ),
      cases(100),
    );
  });

  test('leaves the map as it was of which it is a change', () => {
    const before = map.digest;
    const after = withHeads(map, [headAt('run:3', 99)]);
    expect([map.digest, after.digest !== before]).toEqual([before, true]);
    expect(headOf(proveHead(map, 'run:3'))?.seq).toBe(3);
    expect(headOf(proveHead(after, 'run:3'))?.seq).toBe(99);
  });

  test('stands still for no change', () => {
    expect(withHeads(map, [])).toBe(map);
  });

  test.each([
    ['that goes back', [headAt('run:3', 2)]],
    ['that stays', [headAt('run:3', 3)]],
    ['that is named twice', [headAt('run:x', 1), headAt('run:x', 2)]],
    ['whose digest is none', [{ stream: 'run:x', head: { seq: 0, digest: 'x' } }]],
    ['whose seq is none', [{ stream: 'run:x', head: { seq: -1, digest: someDigest('') } }]],
  ])('takes no head %s', (_what, heads) => {
    expect(() => withHeads(map, heads)).toThrow(Fault);
  });

  test('takes as many hashes as the changed ways are long', () => {
    const large = withHeads(
      emptyHeadsMap,
      Array.from({ length: 4_000 }, (_, index) => headAt(`run:${index}`, 0)),
    );
    const after = withHeads(large, [headAt('run:7', 1), headAt('run:new', 0)]);
    const old = new Set(forksOf(large));
    const fresh = forksOf(after).filter((fork) => !old.has(fork));
    expect(fresh.length).toBeLessThanOrEqual(2 * 30);
    expect(old.size).toBeGreaterThan(3_900);
  });

  function forksOf(of: HeadsMap): readonly HeadsMap[] {
    return of.kind === 'fork' ? [of, ...forksOf(of.zero), ...forksOf(of.one)] : [];
  }
});

describe('the proof of a head', () => {
  test('holds for each stream that is there, and tells its head', () => {
    for (const { stream, head } of many) {
      const proof = proveHead(map, stream);
      expect([verifyHead(proof, map.digest), headOf(proof)]).toEqual([undefined, head]);
      expect(proof.path.length).toBeLessThan(20);
    }
  });

  test('holds for streams that are not there: nothing lies on their way, or another stream', () => {
    const proofs = Array.from({ length: 60 }, (_, index) => proveHead(map, `task:${index}`));
    for (const proof of proofs) {
      expect([verifyHead(proof, map.digest), headOf(proof)]).toEqual([undefined, null]);
    }
    expect(new Set(proofs.map(({ found }) => found === null))).toEqual(new Set([true, false]));
  });

  test('holds in a map of no stream and in a map of one', () => {
    const none = proveHead(emptyHeadsMap, 'run:0');
    expect(none).toEqual({ type: 'head', stream: 'run:0', found: null, path: [] });
    expect(verifyHead(none, emptyHeadsMap.digest)).toBeUndefined();
    const one = withHeads(emptyHeadsMap, [headAt('run:0', 4)]);
    expect(headOf(proveHead(one, 'run:0'))?.seq).toBe(4);
    expect(verifyHead(proveHead(one, 'run:1'), one.digest)).toBeUndefined();
    expect(headOf(proveHead(one, 'run:1'))).toBeNull();
  });

  const proof = proveHead(map, 'run:7');
  const found = proof.found ?? { key: '', head: { seq: 0, digest: '' } };
  const away = proveHead(map, 'task:1');
  test.each([
    ['of another stream', { ...proof, stream: 'run:8' }],
    ['with another seq', { ...proof, found: { ...found, head: { ...found.head, seq: 8 } } }],
    ['with a seq below zero', { ...proof, found: { ...found, head: { ...found.head, seq: -1 } } }],
    ['that says there is none', { ...proof, found: null }],
    ['without a step', { ...proof, path: proof.path.slice(1) }],
    ['without the last step', { ...proof, path: proof.path.slice(0, -1) }],
    ['with a step more', { ...proof, path: [...proof.path, found.key] }],
    ['with what is not a digest', { ...proof, path: proof.path.map(() => 'x') }],
    ['with a key off the way', { ...away, stream: 'task:1', found }],
    ['of no name', { ...proof, stream: '\ud800' }],
  ])('%s does not hold', (_what, wrong) => {
    expect(verifyHead(wrong, map.digest)?.code).toBe('proof.invalid');
  });

  test('has no more steps than a key has bits', () => {
    const longer = { ...proof, path: leavesOf(257) };
    expect(verifyHead(longer, map.digest)?.message).toContain('too long');
  });

  test('has one text only: a letter that is no digit does not stand for a zero', () => {
    const path = proof.path.map((digest) => digest.replace('0', 'g'));
    expect(path).not.toEqual(proof.path);
    expect(verifyHead({ ...proof, path }, map.digest)?.code).toBe('proof.invalid');
  });

  test('does not hide a stream behind a leaf that lies elsewhere', () => {
    const other = many.find(({ stream }) => bitOf(headsKey(stream), 0) !== bitOf(found.key, 0));
    const theirs = proveHead(map, other?.stream ?? '');
    expect(verifyHead({ ...theirs, stream: 'run:7' }, map.digest)?.message).toContain('the way');
  });

  test('is spoilt by a single changed digit', () => {
    fc.assert(
      fc.property(fc.nat({ max: 49 }), fc.nat(), fc.nat(), (index, which, place) => {
        const honest = proveHead(map, `run:${index}`);
        const leaf = honest.found ?? found;
        const all = [map.digest, leaf.head.digest, leaf.key, ...honest.path];
        const [root = '', digest = '', key = '', ...path] = withChangedDigit(all, which, place);
        const wrong = { ...honest, path, found: { key, head: { ...leaf.head, digest } } };
        expect(verifyHead(wrong, root)?.code).toBe('proof.invalid');
      }),
      cases(100),
    );
  });
});
