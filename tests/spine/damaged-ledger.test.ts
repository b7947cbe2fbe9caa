import { describe, expect, it } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import type { AppendOutcome, SealedBatch, StoredEntry } from '@chancery/kernel/ledger';
import type { RefusalCode } from '@chancery/kernel/refusal';
import {
  Authority,
  closeStanding,
  policyEpochs,
  recordSayings,
  revokeStanding,
  sayTrust,
  type Signatory,
} from '@chancery/runtime/authority';
import { readContent } from '@chancery/runtime/broker';
import { authoriseDirectly, issueStanding } from '@chancery/runtime/drive';
import { planErasure, planPrune, type SubjectKeys } from '@chancery/runtime/removal';
import { signerFrom, someDigest, valueOf } from '@chancery/testkit/builders';
import {
  houseOf,
  modelOf,
  poison,
  startTestRun,
  wideTerms,
  type TestHouse,
} from '@chancery/testkit/house';
import { driving } from './drive.ts';

/** A store whose entries an editor has changed, and whose blobs are others. */
class EditedStore extends MemoryStore {
  change: (text: string) => string = (text) => text;

  override async readAll(from: number, limit: number): Promise<StoredEntry[]> {
    return this.#edited(await super.readAll(from, limit));
  }

  override async read(stream: string, from: number, limit: number): Promise<StoredEntry[]> {
    return this.#edited(await super.read(stream, from, limit));
  }

  #edited(page: readonly StoredEntry[]): StoredEntry[] {
    return page.map((each) => ({ ...each, text: this.change(each.text) }));
  }
}

const corrupt = { refusal: { code: 'ledger.corrupt' satisfies RefusalCode } };

function signatory({ store, ledger, clock, owner }: TestHouse): Signatory {
  return { store, ledger, clock, by: owner, authority: new Authority(store, ledger) };
}

describe('an entry that was edited', () => {
  async function ended() {
    const store = new EditedStore();
    const house = await houseOf({ store, capabilities: [poison('look', 'read')] });
    await driving(await startTestRun(house, modelOf([{ say: 'x'.repeat(100_000) }])));
    return { store, house };
  }

  it('keeps everybody from planning to prune', async () => {
    const { store } = await ended();
    expect((await planPrune(store, {})).blobs).toHaveLength(1);
    store.change = (text) => text.replace('"kind":"run.finished"', '"kind":"run.finished" ');
    await expect(planPrune(store, {})).rejects.toMatchObject(corrupt);
  });

  it('keeps everybody from planning to erase', async () => {
    const { store } = await ended();
    const key = someDigest('key');
    const keys: SubjectKeys = {
      find: () => ({ ok: true, value: [key] }),
      ...{ ensure: gone, open: gone, seal: gone, destroy: gone },
    };
    store.change = (text) => text.replace('"a task"', `"${key}"`).replace('"at":', '"at": ');
    const plan = planErasure(store, keys, 'ada');
    await expect(plan).rejects.toMatchObject(corrupt);
  });

  const gone = (): never => {
    throw new Error('it is not asked for');
  };
});

it('a blob that is no recorded value is no content', async () => {
  const store = new MemoryStore();
  const digest = someDigest('blob');
  store.blob = () => Promise.resolve(new TextEncoder().encode('{'));
  const content = { blob: { digest, bytes: 1, mediaType: 'application/json' } };
  await expect(readContent({ store }, content)).rejects.toMatchObject(corrupt);
});

describe('a ledger that nobody has founded', () => {
  it('has had no policies, and no contents', async () => {
    const store = new MemoryStore();
    const ledger = someDigest('none');
    const missing = { refusal: { code: 'ledger.missing' } };
    await expect(policyEpochs(store, ledger)).rejects.toMatchObject(missing);
    const content = { blob: { digest: ledger, bytes: 1, mediaType: 'application/json' } };
    await expect(readContent({ store }, content)).rejects.toMatchObject(missing);
  });
});

describe('a writ that is not on the ledger', () => {
  it.each([revokeStanding, closeStanding])('is not ended', async (end) => {
    const house = await houseOf({ store: new MemoryStore(), capabilities: [] });
    const before = await house.store.readAll(0, 100);
    expect(await end(signatory(house), { writ: someDigest('none'), reason: '' })).toMatchObject({
      ...{ ok: false, refusal: { code: 'writ.void' } },
    });
    expect(await house.store.readAll(0, 100)).toEqual(before);
  });
});

describe('a writ that is issued while', () => {
  /** Does something before each batch that issues a writ. */
  class MovingStore extends MemoryStore {
    move: () => Promise<unknown> = () => Promise.resolve();

    override async append(batch: SealedBatch): Promise<AppendOutcome> {
      const { move } = this;
      this.move = () => Promise.resolve();
      await move();
      const outcome = await super.append(batch);
      this.move = move;
      return outcome;
    }
  }

  /** Three writs, one below the other, of which the lowest is yet to be issued. */
  async function above() {
    const store = new MovingStore();
    const house = await houseOf({ store, capabilities: [] });
    const { owner, actor } = house;
    const terms = (depth: number) => wideTerms(house, { delegation: { depth, children: 100 } });
    const first = valueOf(await authoriseDirectly(house, owner, terms(3))).writ;
    const by = { issuer: actor, subject: actor.id };
    const second = valueOf(await issueStanding(house, { ...by, parent: first, terms: terms(2) }));
    const issue = () => issueStanding(house, { ...by, parent: second, terms: terms(1) });
    return { store, house, first, second, issue };
  }

  it('the keys change at every attempt is not issued', async () => {
    const { store, house, issue } = await above();
    let key = 20;
    store.move = () => {
      const said = sayTrust({ key: signerFrom((key += 1)).id, label: 'x', purposes: ['witness'] });
      return recordSayings(signatory(house), said, [house.owner]);
    };
    const before = (await store.streams('writ:')).length;
    expect(await issue()).toMatchObject({ ok: false, refusal: { code: 'ledger.conflict' } });
    expect((await store.streams('writ:')).length).toBe(before);
  });

  it.each(['the first', 'the second'] as const)(
    '%s above is revoked is not issued',
    async (which) => {
      const { store, house, first, second, issue } = await above();
      const writ = which === 'the first' ? first.id : second.id;
      store.move = () => revokeStanding(signatory(house), { writ, reason: 'over' });
      const before = (await store.streams('writ:')).length;
      expect(await issue()).toMatchObject({ ok: false, refusal: { code: 'writ.revoked' } });
      expect((await store.streams('writ:')).length).toBe(before);
    },
  );
});
