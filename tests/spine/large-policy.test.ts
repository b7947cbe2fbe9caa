import { describe, expect, it } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import type { Digest } from '@chancery/kernel/encoding';
import { contentsOf, openEntry } from '@chancery/kernel/ledger';
import { Authority } from '@chancery/runtime/authority';
import { BlobContents } from '@chancery/runtime/drive';
import { entriesOf } from '@chancery/runtime/journal';
import { PolicyHistory } from '@chancery/runtime/projections';
import { exportLedger, importLedger, manifestOf } from '@chancery/runtime/transfer';
import { integrate } from '@chancery/runtime/transparency';
import { bundleOf, houseOf, modelOf, poison, rule, startTestRun } from '@chancery/testkit/house';
import { fileOf, memoryTiles, refusalOfImport, textOf } from '../ledger/transfer-fixture.ts';
import { stripped } from '../verifier/stripped.ts';
import { call, driving, findingsOf } from './drive.ts';

/** Gives other bytes for a blob, or none. */
class FrailStore extends MemoryStore {
  readonly changed = new Map<Digest, Uint8Array | undefined>();

  override blob(digest: Digest): Promise<Uint8Array | undefined> {
    return this.changed.has(digest)
      ? Promise.resolve(this.changed.get(digest))
      : super.blob(digest);
  }
}

/** More rules than one entry can hold. */
const many = bundleOf({
  all: rule('permit'),
  ...Object.fromEntries(
    Array.from({ length: 400 }, (_, index) => [`no-${index}`, rule('forbid', `other-${index}`)]),
  ),
  no: rule('forbid', 'push'),
});

async function governed() {
  const store = new FrailStore();
  const capabilities = [poison('look', 'read'), poison('push', 'external')];
  const house = await houseOf({ store, capabilities, bundle: many });
  const [stored] = await store.read('policy', 0, 1);
  if (stored === undefined) throw new Error('no policy is active');
  const [content] = contentsOf(openEntry(stored).entry);
  if (content === undefined || 'inline' in content) throw new Error('the bundle is in its entry');
  return { house, store, blob: content.blob.digest, bytes: stored.text.length };
}

describe('a policy of more rules than an entry can hold', () => {
  it('decides, and everything of it is verified', async () => {
    const { house, bytes } = await governed();
    expect(bytes).toBeLessThan(4_096);
    const model = modelOf([call('look'), call('push'), { say: 'done' }]);
    await driving(await startTestRun(house, model));
    const kinds = house.seen.map(({ entry }) => entry.kind);
    expect(kinds.filter((kind) => kind === 'commit')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'proposal.rejected')).toHaveLength(1);
    expect(await findingsOf(house)).toEqual([]);
  });

  it('is read again by whoever opens the ledger', async () => {
    const { house, store } = await governed();
    const first = await house.authority.policySet();
    const again = await new Authority(store, house.ledger).policySet();
    expect(again.digest).toBe(first.digest);
    const contents = new BlobContents(store);
    const history = new PolicyHistory(contents.read);
    for await (const sealed of entriesOf(store, 'policy')) {
      await contents.fetch(sealed);
      history.advance(sealed);
    }
    expect(history.textOf(first.digest, { level: 'tenant', id: 'none' })).toBe(undefined);
  });

  it('goes along with an export, which is not believed without it', async () => {
    const { house, store, blob } = await governed();
    const { ledger, actor } = house;
    const log = { store, ledger, tiles: memoryTiles() };
    const { note } = await integrate(log, actor);
    const manifest = manifestOf({ ledger, streams: null }, note, [actor.id]);
    const text = await textOf(exportLedger(log, manifest));
    const copy = new MemoryStore();
    await importLedger({ file: fileOf(text), store: copy, ledger });
    const there = await house.authority.policySet();
    expect((await new Authority(copy, ledger).policySet()).digest).toBe(there.digest);
    const bare = await refusalOfImport(stripped(text), new MemoryStore(), ledger);
    expect(bare).toMatchObject({ code: 'export.tampered' });
    expect(await copy.blob(blob)).toBeDefined();
  });

  it.each([
    ['holds no envelope', new TextEncoder().encode('{"payload":"x"}')],
    ['holds no JSON', new TextEncoder().encode('{')],
  ])('decides nothing when its blob %s', async (_how, bytes) => {
    const { house, store, blob } = await governed();
    store.changed.set(blob, bytes);
    const reading = new Authority(store, house.ledger).policySet();
    await expect(reading).rejects.toMatchObject({ refusal: { code: 'ledger.corrupt' } });
    expect(await findingsOf(house)).toMatchObject([
      { severity: 'tampered', code: 'policy.invalid', stream: 'policy', seq: 0 },
    ]);
  });

  it('decides nothing when its blob is missing, and is verified as far as it was signed', async () => {
    const { house, store, blob } = await governed();
    await driving(await startTestRun(house, modelOf([call('look'), { say: 'done' }])));
    store.changed.set(blob, undefined);
    const reading = new Authority(store, house.ledger).policySet();
    await expect(reading).rejects.toMatchObject({ refusal: { code: 'ledger.corrupt' } });
    expect(await findingsOf(house)).toMatchObject([
      { severity: 'drift', code: 'content.unread', stream: 'policy', seq: 0 },
    ]);
  });
});
