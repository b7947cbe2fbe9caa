import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { ed25519Signer, leafDigest, signerOf, type Digest } from '../encoding/index.ts';
import {
  emptyFrontier,
  grow,
  ledgerVerifier,
  originOf,
  proveConsistency,
  rootOf,
  signCheckpoint,
  type NodeSource,
} from '../tree/index.ts';
import { done } from '../refusal/index.ts';
import { addCheckpointText, decideCosigning, originIn, parseAddCheckpoint } from './index.ts';
import type { AddCheckpoint, Cosigned } from './index.ts';

const ledger = 'a'.repeat(64);
const signer = signerOf(ed25519Signer(new Uint8Array(32).fill(1)));
const stranger = signerOf(ed25519Signer(new Uint8Array(32).fill(2)));
const log = { origin: originOf(ledger), keys: [ledgerVerifier(ledger, signer.id)] };

/** A history is a text; each of its characters is an entry. */
const leavesOf = (history: string): readonly Digest[] =>
  Array.from(history).map((each) => leafDigest(each));
const rootOfHistory = (history: string): Digest => rootOf(grow(emptyFrontier, leavesOf(history)));

const noteOf = (history: string, by = signer): string => {
  const [size, root] = [history.length, rootOfHistory(history)];
  return signCheckpoint({ origin: log.origin, size, root, heads: undefined }, [by]);
};

/** The whole subtree above a range of leaves. */
const nodesOf =
  (history: string): NodeSource =>
  (level, index) => {
    const width = 2 ** level;
    return done(rootOfHistory(history.slice(index * width, (index + 1) * width)));
  };

function pathOf(history: string, from: number): readonly Digest[] {
  const proof = proveConsistency(nodesOf(history), from, history.length);
  if (!proof.ok) throw new Error(proof.refusal.message);
  return proof.value.path;
}

const requestOf = (history: string, oldSize = 0): AddCheckpoint => ({
  oldSize,
  proof: oldSize === 0 ? [] : pathOf(history, oldSize),
  note: noteOf(history),
});

const headOf = (history: string): Cosigned => ({
  size: history.length,
  root: rootOfHistory(history),
});

const answerTo = (request: AddCheckpoint, last?: string): string => {
  const decided = decideCosigning(request, { log, last: last === undefined ? last : headOf(last) });
  return decided.ok ? 'cosigned' : decided.refusal.code;
};

describe('a request', () => {
  test('is read as it was written', () => {
    const request = requestOf('abcdefg', 3);
    expect(parseAddCheckpoint(addCheckpointText(request))).toEqual(done(request));
    expect(originIn(request)).toEqual(done(log.origin));
  });

  const note = noteOf('ab');
  test.each([
    ['without an empty line', 'old 0\n'],
    ['without a size', `\n\n${note}`],
    ['with a size of another form', `old 01\n\n${note}`],
    ['with a size that is no safe integer', `old 9007199254740993\n\n${note}`],
    ['with a negative size', `old -1\n\n${note}`],
    ['with a hash that is short', `old 1\n${'A'.repeat(40)}\n\n${note}`],
    ['with a hash that is no base64', `old 1\n${'*'.repeat(44)}\n\n${note}`],
    ['with a proof of 64 hashes', `old 1\n${`${'A'.repeat(43)}=\n`.repeat(64)}\n${note}`],
  ])('%s is malformed', (_what, text) => {
    expect(parseAddCheckpoint(text)).toMatchObject({
      ok: false,
      refusal: { code: 'witness.malformed' },
    });
  });

  test.each(['', 'not a note', noteOf('ab').replace('\n2\n', '\n02\n')])(
    'is malformed when its checkpoint is none: %j',
    (broken) => {
      expect(answerTo({ oldSize: 0, proof: [], note: broken })).toBe('witness.malformed');
    },
  );
});

describe('a witness', () => {
  test('cosigns the first checkpoint that it sees, the same again, and what grows', () => {
    expect(answerTo(requestOf('abc'))).toBe('cosigned');
    expect(answerTo(requestOf(''))).toBe('cosigned');
    expect(answerTo(requestOf('abc', 3), 'abc')).toBe('cosigned');
    expect(answerTo(requestOf('abcdef', 3), 'abc')).toBe('cosigned');
    expect(answerTo({ ...requestOf('abc'), oldSize: 0 }, '')).toBe('cosigned');
  });

  test('does not know other logs', () => {
    const decided = decideCosigning(requestOf('abc'), { log: undefined, last: undefined });
    expect(decided).toMatchObject({ refusal: { code: 'witness.unknown-log' } });
    const other = { ...log, origin: originOf('b'.repeat(64)) };
    expect(decideCosigning(requestOf('abc'), { log: other, last: undefined })).toMatchObject({
      refusal: { code: 'witness.unknown-log' },
    });
  });

  test('believes the keys of the log alone', () => {
    const note = noteOf('abc', stranger);
    expect(answerTo({ oldSize: 0, proof: [], note })).toBe('witness.untrusted');
    const spoilt = noteOf('abc').replace('\n3\n', '\n4\n');
    expect(answerTo({ oldSize: 0, proof: [], note: spoilt })).toBe('witness.untrusted');
  });

  test('tells its own size to whoever believes another', () => {
    const decided = decideCosigning(requestOf('abcdef', 2), { log, last: headOf('abc') });
    expect(decided).toMatchObject({
      refusal: { code: 'witness.stale', details: { size: 3 } },
    });
    expect(answerTo(requestOf('abcdef'), 'abc')).toBe('witness.stale');
  });

  test('cosigns nothing that is smaller, forked or without its proof', () => {
    expect(answerTo({ ...requestOf('ab'), oldSize: 3 }, 'abc')).toBe('witness.malformed');
    expect(decideCosigning(requestOf('abx', 3), { log, last: headOf('abc') })).toMatchObject({
      refusal: { code: 'witness.forked', details: { oldSize: 3, size: 3, isConflict: true } },
    });
    const surplus = { ...requestOf('abc', 3), proof: [rootOfHistory('a')] };
    expect(decideCosigning(surplus, { log, last: headOf('abc') })).toMatchObject({
      refusal: { code: 'witness.forked', details: { isConflict: false } },
    });
    expect(answerTo(requestOf('abxdef', 3), 'abc')).toBe('witness.forked');
    expect(answerTo({ ...requestOf('abcdef', 3), proof: [] }, 'abc')).toBe('witness.forked');
    expect(answerTo({ ...requestOf('abc'), proof: [rootOfHistory('a')] })).toBe('witness.forked');
  });
});

/** Requests of honest logs, of forks, of restored copies, and of whoever makes them up. */
const asked = fc.record({
  history: fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 9 }),
  oldSize: fc.nat(10),
  proofOf: fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 9 }),
  isHonest: fc.boolean(),
});

test('whatever it is asked, all that it has cosigned is one history', () => {
  fc.assert(
    fc.property(fc.array(asked, { maxLength: 30 }), (requests) => {
      let last: Cosigned | undefined;
      const cosigned: string[] = [];
      for (const { history, oldSize, proofOf, isHonest } of requests) {
        const from = isHonest ? (last?.size ?? 0) : oldSize;
        const proven = isHonest ? history : proofOf;
        const proof = from > 0 && from <= proven.length ? pathOf(proven, from) : [];
        const request = { oldSize: from, proof, note: noteOf(history) };
        const decided = decideCosigning(request, { log, last });
        if (!decided.ok) continue;
        last = decided.value.checkpoint;
        cosigned.push(history);
      }
      for (const [nth, history] of cosigned.entries()) {
        expect(history.startsWith(cosigned[nth - 1] ?? '')).toBe(true);
      }
    }),
    cases(400),
  );
});
