import { describe, expect, it } from 'vitest';
import {
  authority,
  signerFrom,
  someChain,
  someDigest,
  trustEntry,
} from '@chancery/testkit/builders';
import { type Signer } from '../encoding/index.ts';
import {
  checkRevocation,
  createGenesis,
  foldTrust,
  isTrustedFor,
  readRevocation,
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
  of = ledger,
): TrustEntry {
  const envelope = trustKey({ ledger: of, key: key.id, label: 'k', purposes, roots: signers });
  return trustEntry({ stream: 'ledger', kind: 'key.trusted', body: { envelope } }, 1);
}

function messageOf(entries: readonly TrustEntry[]): string | undefined {
  const result = foldTrust(ledger, entries);
  if (result.ok) return undefined;
  expect(result.refusal.code).toBe('envelope.invalid');
  return result.refusal.message;
}

describe('foldTrust', () => {
  it('trusts keys for the purposes that enough roots signed', () => {
    const result = foldTrust(ledger, [genesis, trusted(roots.slice(1), ['approve', 'issue'])]);
    const keys = result.ok ? [...result.value.keys] : [];
    expect(keys).toEqual([[key.id, { label: 'k', purposes: ['issue', 'approve'] }]]);
  });

  it('adds the purposes of a later statement, so that an old one again changes nothing', () => {
    const first = trusted(roots, ['work']);
    const second = trusted(roots, ['issue']);
    const once = foldTrust(ledger, [genesis, first, second]);
    expect(foldTrust(ledger, [genesis, first, second, first])).toEqual(once);
    expect(once.ok && once.value.keys.get(key.id)?.purposes).toEqual(['issue', 'work']);
  });

  it('refuses a statement below the threshold, by strangers, or for another ledger', () => {
    const [first] = roots;
    const few = `the trust in ${key.id} is not signed by enough of the roots`;
    expect(messageOf([genesis, trusted([first], ['issue'])])).toBe(few);
    expect(messageOf([genesis, trusted([first, first], ['issue'])])).toBe(few);
    expect(messageOf([genesis, trusted([first, key], ['issue'])])).toBe(few);
    expect(messageOf([genesis, trusted([...roots, key], ['issue'])])).toBe(few);
    expect(messageOf([genesis, trusted(roots, ['issue'], someDigest('other'))])).toBe(
      `the trust in ${key.id} is of another ledger`,
    );
  });

  it('refuses a ledger that does not begin with its one genesis', () => {
    const none = 'the ledger does not begin with its genesis';
    expect(messageOf([])).toBe(none);
    expect(messageOf([trusted(roots, ['issue']), genesis])).toBe(none);
    expect(messageOf([genesis, genesis])).toBe('the ledger has a second genesis');
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
