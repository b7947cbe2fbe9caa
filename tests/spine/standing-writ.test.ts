import { describe, expect, it } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import { ed25519Signer, signerOf, type Digest, type Signer } from '@chancery/kernel/encoding';
import { issueWrit, revokeWrit, type ReadWrit, type Terms } from '@chancery/kernel/writ';
import { revokeStanding } from '@chancery/runtime/authority';
import { authoriseDirectly, authoriseUnder, issueStanding } from '@chancery/runtime/drive';
import { Journal } from '@chancery/runtime/journal';
import {
  houseOf,
  modelOf,
  poison,
  startTestRun,
  wideTerms,
  type TestHouse,
} from '@chancery/testkit/house';
import { findingsOf } from './drive.ts';

const stranger = signerOf(ed25519Signer(new Uint8Array(32).fill(99)));

async function someHouse(): Promise<TestHouse> {
  return houseOf({ store: new MemoryStore(), capabilities: [poison('look', 'read')] });
}

/** A writ as whoever has a key can make one, whether anybody trusts that key or not. */
function writBy(
  house: TestHouse,
  issuer: Signer,
  change: Partial<Terms> & { readonly subject?: string; readonly ledger?: Digest } = {},
): ReadWrit {
  const { subject = house.actor.id, ledger = house.ledger, ...terms } = change;
  const writ = issueWrit({
    ...{ ledger, parent: null, issuer, subject, nonce: house.newName() },
    terms: wideTerms(house, { delegation: { depth: 1, children: 4 }, ...terms }),
  });
  if (!writ.ok) throw new Error(writ.refusal.message);
  return writ.value;
}

async function entriesOf({ store }: TestHouse): Promise<number> {
  return (await store.readAll(0, 1_000)).length;
}

describe('a standing writ that gives no authority', () => {
  it.each<readonly [string, string, (house: TestHouse) => ReadWrit]>([
    ['of an untrusted issuer', 'writ.untrusted', (house) => writBy(house, stranger)],
    [
      'of another ledger',
      'writ.void',
      (house) => writBy(house, house.owner, { ledger: 'f'.repeat(64) }),
    ],
    [
      'for another subject',
      'writ.not-yours',
      (house) => writBy(house, house.owner, { subject: stranger.id }),
    ],
    [
      'whose time is over',
      'writ.expired',
      (house) => writBy(house, house.owner, { window: { notBefore: 0, notAfter: 1 } }),
    ],
    [
      'whose time has not come',
      'writ.early',
      (house) => writBy(house, house.owner, { window: { notBefore: 2 ** 50, notAfter: 2 ** 51 } }),
    ],
  ])('%s, is refused with %s before anything is recorded', async (_what, code, make) => {
    const house = await someHouse();
    const before = await entriesOf(house);
    const window = { notBefore: 0, notAfter: 2 ** 52 };
    const under = await authoriseUnder(house, make(house), wideTerms(house, { window }));
    expect(under).toMatchObject({ ok: false, refusal: { code } });
    expect(await entriesOf(house)).toBe(before);
    expect(await findingsOf(house)).toEqual([]);
  });

  it('is refused when it was revoked', async () => {
    const house = await someHouse();
    const root = writBy(house, house.owner);
    const { id } = root;
    const { store, ledger, clock } = house;
    const journal = new Journal({ store, ledger, clock, by: house.owner.id });
    const stream = `writ:${id}`;
    const revocation = revokeWrit({ ledger, writ: id, reason: 'enough', by: house.owner });
    await journal.append(new Map([[stream, null]]), [
      { stream, kind: 'writ.issued', body: { envelope: root.envelope } },
      { stream, kind: 'writ.revoked', body: { envelope: revocation } },
    ]);
    const under = await authoriseUnder(house, root, wideTerms(house));
    expect(under).toMatchObject({ ok: false, refusal: { code: 'writ.revoked' } });
  });

  it('is not signed by a key that may not issue', async () => {
    const house = await someHouse();
    const direct = await authoriseDirectly(house, stranger, wideTerms(house));
    expect(direct).toMatchObject({ ok: false, refusal: { code: 'writ.untrusted' } });
  });
});

describe('a run that is to be carved out of a standing writ', () => {
  const below = (depth: number): Partial<Terms> => ({ delegation: { depth, children: 4 } });

  async function standing(house: TestHouse, parent: ReadWrit | null): Promise<ReadWrit> {
    const terms = wideTerms(house, below(parent === null ? 3 : 2));
    const issuer = parent === null ? house.owner : house.actor;
    const issued = await issueStanding(house, { issuer, subject: house.actor.id, parent, terms });
    if (!issued.ok) throw new Error(issued.refusal.message);
    return issued.value;
  }

  it('is not carved out of the writ of another run, whose budget is its own', async () => {
    const house = await someHouse();
    const run = await startTestRun(house, modelOf([]), {}, wideTerms(house, below(1)));
    const { writ } = run.driven.context;
    const [parent] = (await house.authority.standing('', writ)).chain;
    if (parent === undefined) throw new Error('the writ of the run is recorded');
    const under = await authoriseUnder(house, parent, wideTerms(house));
    expect(under).toMatchObject({ ok: false, refusal: { code: 'writ.in-use' } });
  });

  it('does not begin when a writ further up is revoked before it is recorded', async () => {
    const house = await someHouse();
    const root = await standing(house, null);
    const middle = await standing(house, root);
    const under = await authoriseUnder(house, middle, wideTerms(house));
    if (!under.ok) throw new Error(under.refusal.message);
    const revoked = await revokeStanding(
      { ...house, by: house.owner },
      { writ: root.id, reason: 'enough' },
    );
    expect(revoked.ok).toBe(true);
    const before = await entriesOf(house);
    const start = startTestRun(house, modelOf([]), { authorised: under.value });
    await expect(start).rejects.toMatchObject({ refusal: { code: 'ledger.conflict' } });
    expect(await entriesOf(house)).toBe(before);
    const again = await authoriseUnder(house, middle, wideTerms(house));
    expect(again).toMatchObject({ ok: false, refusal: { code: 'writ.revoked' } });
  });
});
