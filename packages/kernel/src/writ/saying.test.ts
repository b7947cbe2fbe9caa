import { authority, signerFrom, someDigest } from '@chancery/testkit/builders';
import { describe, expect, it } from 'vitest';
import { believe, beliefIn, isSaidAt, saidByLegislator } from './index.ts';
import type { KnownKey, Trust } from './model.ts';

const key = signerFrom(4).id;
const base = authority().trust;
const { ledger } = base;
const [after, elsewhere] = [someDigest('after'), someDigest('elsewhere')];

/** Trust in the key for policies, at the sizes from 5 to 9. */
function trusted(voidFrom?: number): Trust {
  const purposes = ['sign-policy'] as const;
  const span = { purposes, from: 5, until: 10 };
  const known: KnownKey = {
    ...{ label: 'k', purposes: [], statements: 1 },
    spans: [span],
    voidFrom,
  };
  return { ...base, keys: new Map([[key, known]]) };
}

interface Case {
  readonly said?: { readonly ledger?: string; readonly after?: string | null };
  readonly signer?: string;
  readonly by?: string;
  readonly prev?: string;
  readonly position?: number;
  readonly trust?: Trust;
}

function believed({ said, signer = key, by = key, prev = after, position = 5, trust }: Case = {}) {
  const read = { said: { ledger, after, ...said }, signer };
  const placed = { entry: { by, prev }, position };
  const counts = believe(read, placed, saidByLegislator('the word'), trust ?? trusted());
  return counts.ok ? counts.value : counts.refusal.message;
}

describe('a saying', () => {
  it('counts at its place, by its author, as long as the key had the right', () => {
    const sizes = [0, 4, 5, 9, 10, 11];
    const stranger = `${key} is not trusted to sign policies`;
    expect(sizes.map((position) => believed({ position }))).toEqual([
      ...[stranger, stranger, true, true, stranger, stranger],
    ]);
  });

  it.each<readonly [string, Case, string]>([
    ['of another ledger', { said: { ledger: elsewhere } }, 'the word was signed for another place'],
    ['upon another entry', { said: { after: elsewhere } }, 'the word was signed for another place'],
    ['upon no entry', { said: { after: null } }, 'the word was signed for another place'],
    ['recorded again', { prev: elsewhere }, 'the word was signed for another place'],
    [
      'recorded by somebody else',
      { by: signerFrom(5).id },
      'the word is signed by another key than its author',
    ],
    [
      'of a key of which nothing is known',
      { signer: signerFrom(5).id, by: signerFrom(5).id },
      `${signerFrom(5).id} is not trusted to sign policies`,
    ],
  ])('is refused: %s', (_what, said, message) => {
    expect(believed(said)).toBe(message);
  });

  it('counts no more from the size on that its key is compromised from, and is not refused', () => {
    const trust = trusted(7);
    expect([5, 6, 7, 9].map((position) => believed({ position, trust }))).toEqual([
      ...[true, true, false, false],
    ]);
  });

  it('is asked for the present where it is not recorded yet', () => {
    const read = { said: { ledger, after }, signer: key };
    const rule = { what: 'the word', may: (_: Trust, __: string, at?: number) => at === undefined };
    const placed = { entry: { by: key, prev: after } };
    expect(believe(read, placed, { ...rule, lacks: 'may not' }, trusted())).toEqual({
      ...{ ok: true, value: true },
    });
  });
});

it('is said at a place only where both its ledger and its entry are named', () => {
  const said = { ledger, after };
  const places = [said, { ledger: elsewhere, after }, { ledger, after: elsewhere }];
  expect(places.map((place) => isSaidAt(said, place))).toEqual([true, false, false]);
});

it('is believed no more where a right is there but for a compromise', () => {
  const voided = (trust: Trust) => trust.keys.get(key)?.voidFrom !== undefined;
  expect([
    beliefIn(trusted(7), (trust) => !voided(trust)),
    beliefIn(trusted(), (trust) => !voided(trust)),
    beliefIn(trusted(7), voided),
    beliefIn(trusted(7), () => false),
  ]).toEqual(['lost', 'held', 'none', 'none']);
});
