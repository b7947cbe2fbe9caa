import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import { signEnvelope } from '@chancery/kernel/encoding';
import type { Result } from '@chancery/kernel/refusal';
import { draftGenesis, trustKey } from '@chancery/kernel/writ';
import {
  Authority,
  beginLedger,
  foundLedger,
  newGenesis,
  recordChannel,
  recordDelegation,
  recordSayings,
  recordSigned,
  sayRotation,
  sayTrust,
} from '@chancery/runtime/authority';
import { issueStanding } from '@chancery/runtime/drive';
import { signerFrom, someDigest } from '@chancery/testkit/builders';
import { bundleOf, houseOf, rule, wideTerms, type TestHouse } from '@chancery/testkit/house';

const bundle = bundleOf({ all: rule('permit') });
const [root, runtime] = [signerFrom(1), signerFrom(2)];

let house: TestHouse;

beforeEach(async () => {
  house = await houseOf({ store: new MemoryStore(), capabilities: [], bundle });
});

const signatory = () => {
  const { store, ledger, clock, owner: by } = house;
  return { store, ledger, clock, by, authority: new Authority(store, ledger) };
};

const rotated = (to: string) => sayRotation({ key: house.actor.id, reason: 'lost', to });

/** Whatever gives a key a standing in a ledger, by what it gives. */
const ways: Readonly<Record<string, (key: string) => Promise<Result<unknown>>>> = {
  trust: (key) =>
    recordSayings(signatory(), sayTrust({ key, label: 'x', purposes: ['approve'] }), [house.owner]),
  'trust in the place of another': (key) => recordSayings(signatory(), rotated(key), [house.owner]),
  'trust that was signed elsewhere': (key) => {
    const asked = { ledger: house.ledger, key, label: 'x', purposes: ['approve'] as const };
    const envelope = trustKey({ ...asked, earlier: 0, roots: [house.owner] });
    return recordSigned(signatory(), [{ kind: 'key.trusted', envelope }]);
  },
  'a place among those who approve': (key) =>
    recordChannel(signatory(), { name: 'desk', approvers: [key], withinMs: 1_000, escalate: null }),
  'the voice of an approver': (key) =>
    recordDelegation(signatory(), { to: key, channel: null, forMs: 1_000, reason: 'away' }),
  'a writ': (key) => {
    const asked = { issuer: house.owner, parent: null, terms: wideTerms(house) };
    return issueStanding(house, { ...asked, subject: key });
  },
  'a draft that makes it a root': (key) => {
    const asked = { name: 'x', nonce: 'n', roots: [root.id, key], threshold: 1 };
    return Promise.resolve(newGenesis(bundle, asked));
  },
  'the place of a root': (key) => {
    const roots = { keys: [root.id, key], threshold: 1, here: [root] };
    const named = { name: 'x', nonce: 'n', owner: root, runtime: runtime.id, roots };
    return foundLedger({ store: new MemoryStore(), bundle, clock: house.clock }, named);
  },
  'the place of a root that others have signed': (key) => {
    const digests = { contractDigest: someDigest('a'), defaultPolicy: someDigest('b') };
    const asked = { name: 'x', nonce: 'n', roots: [root.id, key], threshold: 1 };
    const envelope = signEnvelope(draftGenesis({ ...asked, ...digests }), root);
    return beginLedger({ store: new MemoryStore(), bundle, clock: house.clock }, envelope);
  },
};

describe('a key that nobody can sign with', () => {
  it.each(Object.entries(ways))('is not given %s', async (_what, give) => {
    const before = await house.store.readAll(0, 100);
    for (const hex of ['01'.padEnd(64, '0'), 'deadbeef'.repeat(8), `ef${'f'.repeat(60)}7f`]) {
      const given = await give(`ed25519:${hex}`);
      expect(given.ok ? undefined : given.refusal.code).toBe('key.invalid');
    }
    expect(await house.store.readAll(0, 100)).toEqual(before);
  });
});
