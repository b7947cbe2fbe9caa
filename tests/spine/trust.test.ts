import { describe, expect, it } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import type { Digest, Signer } from '@chancery/kernel/encoding';
import { catalogueDigest, type LedgerStore } from '@chancery/kernel/ledger';
import { createGenesis, type Purpose } from '@chancery/kernel/writ';
import { Authority, recordSayings, sayTrust } from '@chancery/runtime/authority';
import { Journal } from '@chancery/runtime/journal';
import { signerFrom, valueOf } from '@chancery/testkit/builders';

const roots = [signerFrom(1), signerFrom(2), signerFrom(3)] as const;
const [first, second, third] = roots;
const stranger = signerFrom(9);
const clock = { nowMs: () => 1_000 };

interface Scene {
  readonly store: LedgerStore;
  readonly ledger: Digest;
}

/** A ledger of three roots, of whom two must agree. */
async function founded(): Promise<Scene> {
  const store = new MemoryStore();
  const envelope = createGenesis({
    ...{ name: 'three', roots, threshold: 2, nonce: 'n' },
    ...{ contractDigest: catalogueDigest, defaultPolicy: '0'.repeat(64) },
  });
  const journal = new Journal({ store, ledger: null, by: first.id, clock });
  const draft = { stream: 'ledger', kind: 'ledger.created', body: { envelope } } as const;
  const written = await journal.append(new Map([['ledger', null]]), [draft]);
  if (written.kind !== 'written') throw new Error('the ledger was not founded');
  return { store, ledger: written.entries[0]?.digest ?? '' };
}

function trusting(
  scene: Scene,
  signers: readonly Signer[],
  purposes: readonly Purpose[] = ['approve'],
) {
  const authority = new Authority(scene.store, scene.ledger);
  const whom = { key: stranger.id, label: 'new', purposes };
  return recordSayings({ ...scene, clock, authority }, sayTrust(whom), signers);
}

async function purposesOf({ store, ledger }: Scene): Promise<readonly Purpose[] | undefined> {
  const trust = await new Authority(store, ledger).trust();
  return trust.keys.get(stranger.id)?.purposes;
}

describe('whom a ledger trusts', () => {
  it.each([
    ['two', [first, third]],
    ['all', [...roots]],
    ['two, one of them twice', [second, second, first]],
  ])('is said by enough of its roots: %s', async (_, signers) => {
    const scene = await founded();
    expect(valueOf(await trusting(scene, signers))).toEqual([
      expect.stringMatching(/^[0-9a-f]{64}$/),
    ]);
    expect(await purposesOf(scene)).toEqual(['approve']);
  });

  it.each([
    ['nobody', [], '2 of the roots must sign, and 0 did'],
    ['one of them', [first], '2 of the roots must sign, and 1 did'],
    ['one of them twice', [first, first], '2 of the roots must sign, and 1 did'],
    ['a stranger beside two', [first, second, stranger], 'is not among the roots'],
  ])('is not said by %s', async (_, signers, message) => {
    const scene = await founded();
    const said = await trusting(scene, signers);
    expect(said).toMatchObject({ ok: false, refusal: { code: 'key.not-root' } });
    expect(said.ok ? '' : said.refusal.message).toContain(message);
    expect(await purposesOf(scene)).toBeUndefined();
    expect(await scene.store.readAll(0, 10)).toHaveLength(1);
  });

  it('takes both of what two say at the same moment', async () => {
    const scene = await founded();
    await Promise.all([
      trusting(scene, [first, second], ['approve']),
      trusting(scene, [first, third], ['run']),
    ]);
    expect(await purposesOf(scene)).toEqual(['approve', 'run']);
  });

  it('is not said twice', async () => {
    const scene = await founded();
    await trusting(scene, [first, second], ['approve', 'run']);
    expect(await trusting(scene, [first, second], ['run'])).toEqual({ ok: true, value: [] });
    expect(await scene.store.readAll(0, 10)).toHaveLength(2);
  });
});
