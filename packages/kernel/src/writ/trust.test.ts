import { describe, expect, it } from 'vitest';
import {
  authority,
  signerFrom,
  someChain,
  someDigest,
  trustEntry,
} from '@chancery/testkit/builders';
import { sealEnvelope, type Signer } from '../encoding/index.ts';
import {
  checkChain,
  checkRevocation,
  compromiseKey,
  createGenesis,
  foldTrust,
  isBarred,
  isTrustedFor,
  readRevocation,
  retireKey,
  revokeWrit,
  trustKey,
  type Purpose,
  type TrustEntry,
} from './index.ts';

const ledger = someDigest('ledger');
const roots = [signerFrom(11), signerFrom(12), signerFrom(13)] as const;
const key = signerFrom(4);

const genesis = trustEntry(
  {
    stream: 'ledger',
    kind: 'ledger.created',
    body: {
      envelope: createGenesis({
        name: 'test',
        roots,
        threshold: 2,
        contractDigest: someDigest('contract'),
        defaultPolicy: someDigest('policy'),
        nonce: 'n',
      }),
    },
  },
  0,
);

function trusted(
  signers: readonly Signer[],
  purposes: readonly Purpose[],
  { of = ledger, earlier = 0 }: { readonly of?: string; readonly earlier?: number } = {},
): TrustEntry {
  const named = { ledger: of, key: key.id, label: 'k', earlier };
  const envelope = trustKey({ ...named, purposes, roots: signers });
  return trustEntry({ stream: 'ledger', kind: 'key.trusted', body: { envelope } }, 1);
}

/** As versions signed it that knew of no end of a key. */
function unplaced(purposes: readonly Purpose[]): TrustEntry {
  const statement = { v: 1, ledger, key: key.id, label: 'k', purposes };
  const envelope = sealEnvelope('application/vnd.chancery.key+json', statement, roots);
  return trustEntry({ stream: 'ledger', kind: 'key.trusted', body: { envelope } }, 1);
}

function retired(earlier: number, of = ledger): TrustEntry {
  const envelope = retireKey({ ledger: of, key: key.id, earlier, reason: 'old', roots });
  return trustEntry({ stream: 'ledger', kind: 'key.retired', body: { envelope } }, 2);
}

function compromised(earlier: number, fromSize: number, whom = key): TrustEntry {
  const named = { ledger, key: whom.id, earlier, fromSize, reason: 'lost', roots };
  return trustEntry(
    { stream: 'ledger', kind: 'key.compromised', body: { envelope: compromiseKey(named) } },
    2,
  );
}

function folded(entries: readonly TrustEntry[]) {
  return foldTrust(
    ledger,
    entries.map((entry, position) => ({ entry, position })),
  );
}

function messageOf(entries: readonly TrustEntry[]): string | undefined {
  const result = folded(entries);
  if (result.ok) return undefined;
  expect(result.refusal.code).toBe('envelope.invalid');
  return result.refusal.message;
}

describe('foldTrust', () => {
  it('trusts keys for the purposes that enough roots signed', () => {
    const result = folded([genesis, trusted(roots.slice(1), ['approve', 'issue'])]);
    const keys = result.ok ? [...result.value.keys] : [];
    const purposes: readonly Purpose[] = ['issue', 'approve'];
    const spans = [{ purposes, from: 2, until: null }];
    const known = { label: 'k', purposes, spans, statements: 1, voidFrom: undefined };
    expect(keys).toEqual([[key.id, known]]);
  });

  it('adds the purposes of a later statement, and takes each only in its place', () => {
    const first = trusted(roots, ['work']);
    const second = trusted(roots, ['issue'], { earlier: 1 });
    const both = folded([genesis, first, second]);
    expect(both.ok && both.value.keys.get(key.id)?.purposes).toEqual(['issue', 'work']);
    const misplaced = `what is said of ${key.id} was signed for another place`;
    expect(messageOf([genesis, first, second, first])).toBe(misplaced);
    expect(messageOf([genesis, second])).toBe(misplaced);
  });

  it('takes a statement of an older version again and again, but revives no key by it', () => {
    const old = unplaced(['work']);
    const again = folded([genesis, old, old]);
    expect(again.ok && again.value.keys.get(key.id)?.purposes).toEqual(['work']);
    expect(messageOf([genesis, old, retired(1), old])).toBe(
      `the trust in ${key.id} was signed before it ended`,
    );
  });

  it('refuses a statement below the threshold, by strangers, or for another ledger', () => {
    const [first] = roots;
    const few = `what is said of ${key.id} is not signed by enough of the roots`;
    expect(messageOf([genesis, trusted([first], ['issue'])])).toBe(few);
    expect(messageOf([genesis, trusted([first, first], ['issue'])])).toBe(few);
    expect(messageOf([genesis, trusted([first, key], ['issue'])])).toBe(few);
    expect(messageOf([genesis, trusted([...roots, key], ['issue'])])).toBe(few);
    expect(messageOf([genesis, trusted(roots, ['issue'], { of: someDigest('other') })])).toBe(
      `what is said of ${key.id} is of another ledger`,
    );
  });

  it('refuses a ledger that does not begin with its one genesis', () => {
    const none = 'the ledger does not begin with its genesis';
    expect(messageOf([])).toBe(none);
    expect(messageOf([trusted(roots, ['issue']), genesis])).toBe(none);
    expect(messageOf([genesis, genesis])).toBe('the ledger has a second genesis');
  });
});

describe('the end of a key', () => {
  const first = trusted(roots, ['issue']);
  const stands = (entries: readonly TrustEntry[], at?: number): readonly boolean[] => {
    const result = folded([genesis, first, ...entries]);
    if (!result.ok) throw new Error(result.refusal.message);
    return [isTrustedFor(result.value, key.id, 'issue', at), isBarred(result.value, key.id, at)];
  };

  it('leaves what was signed before, and nothing after, until it is trusted anew', () => {
    expect(stands([retired(1)])).toEqual([false, true]);
    expect([1, 2, 3].map((at) => stands([retired(1)], at)[0])).toEqual([false, true, false]);
    const anew = [retired(1), trusted(roots, ['issue'], { earlier: 2 })];
    expect(stands(anew)).toEqual([true, false]);
    expect([2, 3, 4].map((at) => stands(anew, at))).toEqual([
      [true, false],
      [false, true],
      [true, false],
    ]);
  });

  it('voids what was signed from a size on, for good, and may be told from an earlier one', () => {
    expect(stands([compromised(1, 2)], 2)).toEqual([false, true]);
    expect(stands([retired(1), compromised(2, 3)], 2)).toEqual([true, false]);
    expect(stands([retired(1), compromised(2, 2)], 2)).toEqual([false, true]);
    expect(stands([retired(1), compromised(2, 3), compromised(3, 2)], 2)).toEqual([false, true]);
    expect(messageOf([genesis, first, compromised(1, 2), compromised(2, 2)])).toBe(
      `${key.id} is compromised from 2 on`,
    );
    const anew = trusted(roots, ['issue'], { earlier: 2 });
    expect(messageOf([genesis, first, compromised(1, 2), anew])).toBe(
      `${key.id} is compromised, and is never trusted again`,
    );
  });

  it('is refused where it says nothing, and for a root', () => {
    expect(messageOf([genesis, retired(0)])).toBe(`${key.id} was never trusted`);
    expect(messageOf([genesis, first, retired(1), retired(2)])).toBe(`${key.id} has ended before`);
    expect(messageOf([genesis, first, compromised(1, 3)])).toBe(
      `${key.id} cannot be compromised from 3 on yet`,
    );
    const [root] = roots;
    expect(messageOf([genesis, compromised(0, 0, root)])).toBe(
      `${root.id} is a root: only another genesis is without it`,
    );
    expect(messageOf([genesis, first, retired(1, someDigest('other'))])).toBe(
      `what is said of ${key.id} is of another ledger`,
    );
  });

  it('ends a writ that the key issues, or acts under, from its place on and not before', () => {
    const house = authority();
    const [child, root] = someChain(house);
    const end = (whom: Signer) =>
      house.entries.concat(
        trustEntry(
          {
            stream: 'ledger',
            kind: 'key.retired',
            body: {
              envelope: retireKey({
                ...{ ledger: house.ledger, key: whom.id, earlier: 1 },
                ...{ reason: 'old', roots: [house.root] },
              }),
            },
          },
          9,
        ),
      );
    const trust = foldTrust(
      house.ledger,
      end(house.issuer).map((entry, position) => ({ entry, position })),
    );
    if (!trust.ok) throw new Error(trust.refusal.message);
    const codeAt = (at: number | undefined) =>
      checkChain([child, root], trust.value, house.agent.id, () => at)?.code;
    // Nothing that was found before may be believed for another place.
    expect([4, 9, 4, undefined].map(codeAt)).toEqual([
      undefined,
      'writ.untrusted',
      undefined,
      'writ.untrusted',
    ]);
  });
});

describe('isTrustedFor', () => {
  it('knows no purpose that no statement gave, roots included', () => {
    const { trust, issuer, root, stranger } = authority();
    const signers = [issuer, root, stranger];
    expect(signers.map(({ id }) => isTrustedFor(trust, id, 'issue'))).toEqual([true, false, false]);
    expect(isTrustedFor(trust, issuer.id, 'approve')).toBe(false);
  });
});

describe('checkRevocation', () => {
  const house = authority();
  const [child, root] = someChain(house);
  const codeOf = (by: Signer, writ = child.id, of = house.ledger) => {
    const read = readRevocation(revokeWrit({ ledger: of, writ, reason: 'over', by }));
    return read.ok ? checkRevocation(read.value, child, house.trust)?.code : 'unread';
  };

  it('lets the issuer and the roots revoke, and nobody else', () => {
    expect([codeOf(house.lead), codeOf(house.root)]).toEqual([undefined, undefined]);
    const others = [house.agent, house.issuer, house.stranger, house.approvers[0]];
    expect(others.map((by) => codeOf(by))).toEqual(others.map(() => 'envelope.invalid'));
  });

  it('is about one writ of one ledger', () => {
    expect(codeOf(house.root, root.id)).toBe('envelope.invalid');
    expect(codeOf(house.root, child.id, someDigest('other'))).toBe('envelope.invalid');
  });
});
