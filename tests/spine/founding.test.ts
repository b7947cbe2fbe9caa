import { describe, expect, it } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import { signEnvelope, type Digest, type Envelope, type Signer } from '@chancery/kernel/encoding';
import type { LedgerStore } from '@chancery/kernel/ledger';
import type { Result } from '@chancery/kernel/refusal';
import {
  Authority,
  beginLedger,
  completeLedger,
  firstSayings,
  foundLedger,
  newGenesis,
  type Founding,
  type KeySaying,
} from '@chancery/runtime/authority';
import { someDigest, signerFrom, valueOf } from '@chancery/testkit/builders';
import { bundleOf, rule } from '@chancery/testkit/house';
import { findingsOf } from './drive.ts';

const [first, second, third] = [signerFrom(1), signerFrom(2), signerFrom(3)];
const [owner, runtime, stranger] = [signerFrom(4), signerFrom(5), signerFrom(6)];
const bundle = bundleOf({ all: rule('permit') });
const keys = [first, second, third].map(({ id }) => id);
const named = { name: 'team', nonce: 'n' };

const place = (store: LedgerStore = new MemoryStore()): Founding => {
  return { store, bundle, clock: { nowMs: () => 1_000 } };
};

const drafted = (): Envelope =>
  valueOf(newGenesis(bundle, { ...named, roots: keys, threshold: 2 }));

const signed = (envelope: Envelope, ...by: readonly Signer[]) => by.reduce(signEnvelope, envelope);

const sayings = (ledger: Digest, ...by: readonly Signer[]): readonly KeySaying[] =>
  firstSayings(ledger, { owner: owner.id, runtime: runtime.id }, by);

const complete = (founding: Founding, said: readonly KeySaying[]) =>
  completeLedger(founding, { owner, runtime: runtime.id, said });

const here = (...signers: readonly Signer[]) => ({
  ...named,
  ...{ owner, runtime: runtime.id, roots: { keys, threshold: 2, here: signers } },
});

const codeOf = (result: Result<unknown>) => (result.ok ? undefined : result.refusal.code);

async function entriesIn({ store }: Founding): Promise<number> {
  return (await store.readAll(0, 100)).length;
}

const verified = async ({ store }: Founding, ledger: Digest) =>
  (await findingsOf({ store, ledger })).map(({ code }) => code);

describe('a ledger that roots found elsewhere', () => {
  it('begins with what enough of them signed, and is whole with what enough of them signed then', async () => {
    const founding = place();
    const ledger = valueOf(await beginLedger(founding, signed(drafted(), third, first)));
    expect(await complete(founding, sayings(ledger, second, first))).toEqual({
      ...{ ok: true, value: ledger },
    });
    expect(await verified(founding, ledger)).toEqual([]);
    const { genesis, keys: known } = await new Authority(founding.store, ledger).trust();
    expect([genesis.threshold, [...genesis.roots].sort()]).toEqual([2, [...keys].sort()]);
    expect([...known].map(([key, { purposes }]) => [key, purposes])).toEqual([
      [owner.id, ['issue', 'approve', 'sign-policy']],
      [runtime.id, ['run', 'work']],
    ]);
  });

  it('is made whole once, when two do it at the same moment', async () => {
    const founding = place();
    const ledger = valueOf(await beginLedger(founding, signed(drafted(), third, first)));
    const said = sayings(ledger, second, first);
    const both = await Promise.all([complete(founding, said), complete(founding, said)]);
    expect(both.map(codeOf).toSorted()).toEqual(['ledger.exists', undefined]);
    expect(await verified(founding, ledger)).toEqual([]);
  });

  it('is the same one, however often its genesis is brought back', async () => {
    const founding = place();
    const genesis = signed(drafted(), first, second);
    const ledger = valueOf(await beginLedger(founding, genesis));
    expect(await beginLedger(founding, genesis)).toEqual({ ok: true, value: ledger });
    expect(valueOf(await beginLedger(founding, signed(genesis, third)))).toBe(ledger);
    expect(await entriesIn(founding)).toBe(1);
  });

  it.each<[string, () => Envelope, string]>([
    ['one of two', () => signed(drafted(), first), 'key.not-root'],
    ['one of two, twice', () => signed(drafted(), first, first), 'key.not-root'],
    ['nobody', drafted, 'key.not-root'],
    ['a stranger beside two', () => signed(drafted(), first, second, stranger), 'key.not-root'],
    [
      'two, of what was changed after they did',
      () => {
        const other = valueOf(
          newGenesis(bundle, { name: 'x', nonce: 'n', roots: keys, threshold: 2 }),
        );
        return { ...other, signatures: signed(drafted(), first, second).signatures };
      },
      'envelope.invalid',
    ],
    [
      'two, for another policy',
      () => {
        const other = bundleOf({ none: rule('forbid') });
        return signed(
          valueOf(newGenesis(other, { ...named, roots: keys, threshold: 2 })),
          first,
          second,
        );
      },
      'envelope.invalid',
    ],
  ])('does not begin with a genesis signed by %s', async (_, envelope, code) => {
    const founding = place();
    expect(codeOf(await beginLedger(founding, envelope()))).toBe(code);
    expect(await entriesIn(founding)).toBe(0);
  });

  it('does not begin where another has', async () => {
    const founding = place();
    valueOf(await foundLedger(founding, { ...named, owner, runtime: runtime.id }));
    expect(codeOf(await beginLedger(founding, signed(drafted(), first, second)))).toBe(
      'ledger.exists',
    );
  });

  it.each<[string, (ledger: Digest) => readonly KeySaying[], string]>([
    ['one of two', (ledger) => sayings(ledger, first), 'key.not-root'],
    [
      'a stranger beside two',
      (ledger) => sayings(ledger, ...[first, second, stranger]),
      'key.not-root',
    ],
    ['nobody', (ledger) => sayings(ledger), 'key.not-root'],
    [
      'two, of one key alone',
      (ledger) => sayings(ledger, first, second).slice(1),
      'envelope.invalid',
    ],
    ['two, of another ledger', () => sayings(someDigest('x'), first, second), 'envelope.invalid'],
    [
      'two, of other keys',
      (ledger) =>
        firstSayings(ledger, { owner: stranger.id, runtime: runtime.id }, [first, second]),
      'envelope.invalid',
    ],
  ])('is not whole with sayings signed by %s', async (_, said, code) => {
    const founding = place();
    const ledger = valueOf(await beginLedger(founding, signed(drafted(), first, second)));
    expect(codeOf(await complete(founding, said(ledger)))).toBe(code);
    expect(await entriesIn(founding)).toBe(1);
    expect(await complete(founding, sayings(ledger, first, third))).toMatchObject({ ok: true });
  });

  it('is not completed before it has begun, nor twice', async () => {
    const founding = place();
    expect(codeOf(await complete(founding, sayings(someDigest('x'), first, second)))).toBe(
      'ledger.missing',
    );
    const ledger = valueOf(await beginLedger(founding, signed(drafted(), first, second)));
    valueOf(await complete(founding, sayings(ledger, first, second)));
    expect(codeOf(await complete(founding, sayings(ledger, first, second)))).toBe('ledger.exists');
  });
});

describe('a ledger that roots found here', () => {
  it('is that of as many as must agree', async () => {
    const founding = place();
    const ledger = valueOf(await foundLedger(founding, here(second, third)));
    expect(await verified(founding, ledger)).toEqual([]);
    expect(codeOf(await foundLedger(founding, here(second, third)))).toBe('ledger.exists');
  });

  it.each([
    ['fewer', [second]],
    ['a stranger', [second, third, stranger]],
  ])('is not founded by %s', async (_, signers) => {
    const founding = place();
    expect(codeOf(await foundLedger(founding, here(...signers)))).toBe('key.not-root');
    expect(await entriesIn(founding)).toBe(0);
  });

  it('is completed by the same roots, and by no others, where it was cut off', async () => {
    const founding = place();
    const ledger = valueOf(await beginLedger(founding, signed(drafted(), first, second)));
    const alone = { ...named, owner, runtime: runtime.id };
    expect(codeOf(await foundLedger(founding, alone))).toBe('ledger.exists');
    const another = { ...here(first, second), nonce: 'another' };
    expect(await foundLedger(founding, another)).toEqual({ ok: true, value: ledger });
  });
});
