import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { signerFrom, someDigest, trustEntry } from '@chancery/testkit/builders';
import {
  compromiseKey,
  createGenesis,
  foldTrust,
  isBarred,
  isTrustedFor,
  purposes,
  retireKey,
  trustKey,
  TrustFold,
  type PlacedTrustEntry,
  type Purpose,
} from './index.ts';

const ledger = someDigest('ledger');
const root = signerFrom(11);
const people = [signerFrom(4).id, signerFrom(5).id, signerFrom(6).id] as const;
const genesis = trustEntry(
  {
    stream: 'ledger',
    kind: 'ledger.created',
    body: {
      envelope: createGenesis({
        ...{ name: 'test', roots: [root], threshold: 1, nonce: 'n' },
        ...{ contractDigest: someDigest('contract'), defaultPolicy: someDigest('policy') },
      }),
    },
  },
  0,
);

/** What is tried next: some of it will be refused, and says nothing then. */
interface Attempt {
  readonly gap: number;
  readonly whom: number;
  readonly what: 'trust' | 'retire' | 'compromise';
  readonly purposes: readonly Purpose[];
  /** How far back a compromise reaches. */
  readonly back: number;
}

const attempts: fc.Arbitrary<readonly Attempt[]> = fc.array(
  fc.record({
    gap: fc.integer({ min: 1, max: 4 }),
    whom: fc.integer({ min: 0, max: people.length - 1 }),
    what: fc.constantFrom('trust' as const, 'trust', 'retire', 'compromise'),
    purposes: fc.subarray([...purposes]),
    back: fc.integer({ min: -1, max: 12 }),
  }),
  { maxLength: 14 },
);

/** The law, told by looking at everything that was said up to `at` and of compromises after it. */
class Model {
  readonly said: (Attempt & { readonly position: number })[] = [];

  counts(key: number, purpose: Purpose, at: number): boolean {
    const own = this.said.filter(({ whom }) => whom === key);
    const isVoid = own.some(
      ({ what, position, back }) => what === 'compromise' && at >= position - back,
    );
    let has = new Set<Purpose>();
    for (const { what, purposes: given } of own.filter(({ position }) => position < at)) {
      has = what === 'trust' ? new Set([...has, ...given]) : new Set();
    }
    return has.has(purpose) && !isVoid;
  }
}

interface Told {
  readonly entries: readonly PlacedTrustEntry[];
  readonly model: Model;
  readonly size: number;
}

/** Signs each attempt as an honest root would, and keeps those that a fold of all before takes. */
function told(wanted: readonly Attempt[]): Told {
  const model = new Model();
  const entries: PlacedTrustEntry[] = [{ entry: genesis, position: 0 }];
  const counts = new Map<number, number>();
  let position = 0;
  for (const attempt of wanted) {
    position += attempt.gap;
    const placed = { entry: entryOf(attempt, counts.get(attempt.whom) ?? 0, position), position };
    if (!foldTrust(ledger, [...entries, placed]).ok) continue;
    entries.push(placed);
    model.said.push({ ...attempt, position });
    counts.set(attempt.whom, (counts.get(attempt.whom) ?? 0) + 1);
  }
  return { entries, model, size: position + 3 };
}

function entryOf({ whom, what, purposes: given, back }: Attempt, earlier: number, at: number) {
  const named = { ledger, key: people[whom] ?? '', earlier, reason: 'test', roots: [root] };
  const stream = 'ledger';
  if (what === 'retire') {
    return trustEntry({ stream, kind: 'key.retired', body: { envelope: retireKey(named) } }, at);
  }
  if (what === 'compromise') {
    const envelope = compromiseKey({ ...named, fromSize: Math.max(0, at - back) });
    return trustEntry({ stream, kind: 'key.compromised', body: { envelope } }, at);
  }
  const envelope = trustKey({ ...named, label: 'k', purposes: given });
  return trustEntry({ stream, kind: 'key.trusted', body: { envelope } }, at);
}

describe('trust', () => {
  it('counts a signature if the key had the purpose then, and no compromise covers it', () => {
    fc.assert(
      fc.property(attempts, (wanted) => {
        const { entries, model, size } = told(wanted);
        const trust = foldTrust(ledger, entries);
        if (!trust.ok) throw new Error(trust.refusal.message);
        for (const [index, key] of people.entries()) {
          for (const purpose of purposes) {
            for (let at = 0; at <= size; at += 1) {
              const expected = model.counts(index, purpose, at);
              expect([at, isTrustedFor(trust.value, key, purpose, at)]).toEqual([at, expected]);
              if (expected) expect(isBarred(trust.value, key, at)).toBe(false);
            }
            const now = model.counts(index, purpose, size);
            expect(isTrustedFor(trust.value, key, purpose)).toBe(now);
          }
        }
      }),
      cases(120),
    );
  });

  it('is the same folded at once, one by one, and going on from anywhere', () => {
    fc.assert(
      fc.property(attempts, fc.nat(), (wanted, cut) => {
        const { entries } = told(wanted);
        const whole = foldTrust(ledger, entries);
        const at = 1 + (cut % entries.length);
        const first = new TrustFold(ledger);
        const seen: unknown[] = [];
        for (const placed of entries.slice(0, at)) {
          expect(first.take(placed)).toBeUndefined();
          // What was given out stays as it was, whatever follows.
          seen.push([first.trust, structuredClone(first.trust)]);
        }
        const second = new TrustFold(ledger, first.trust);
        for (const placed of entries.slice(at)) expect(second.take(placed)).toBeUndefined();
        expect(whole.ok && whole.value).toEqual(second.trust);
        for (const pair of seen) {
          const [given, then] = pair as readonly [unknown, unknown];
          expect(given).toEqual(then);
        }
      }),
      cases(120),
    );
  });

  it('takes no statement a second time, nor one out of its place', () => {
    fc.assert(
      fc.property(attempts, fc.nat(), (wanted, which) => {
        const { entries, size } = told(wanted);
        const again = entries[which % entries.length];
        if (again === undefined) return;
        const fold = new TrustFold(ledger);
        for (const placed of entries) fold.take(placed);
        const before = fold.trust;
        expect(fold.take({ ...again, position: size })?.code).toBe('envelope.invalid');
        expect(fold.trust).toBe(before);
      }),
      cases(120),
    );
  });
});
