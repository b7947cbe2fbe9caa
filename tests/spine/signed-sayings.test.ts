import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { MemoryStore } from '@chancery/adapters/store-memory';
import { signEnvelope, type Digest, type Signer } from '@chancery/kernel/encoding';
import type { LedgerStore } from '@chancery/kernel/ledger';
import type { Result } from '@chancery/kernel/refusal';
import {
  Authority,
  draftSayings,
  foundLedger,
  recordSayings,
  recordSigned,
  sayCompromise,
  sayRetirement,
  sayRotation,
  sayTrust,
  type KeySaying,
  type Sayings,
  type Speaking,
} from '@chancery/runtime/authority';
import { signerFrom, valueOf } from '@chancery/testkit/builders';
import { bundleOf, rule } from '@chancery/testkit/house';
import { findingsOf } from './drive.ts';

const roots = [signerFrom(1), signerFrom(2), signerFrom(3)] as const;
const [first, second, third] = roots;
const [owner, runtime, stranger] = [signerFrom(4), signerFrom(5), signerFrom(6)];
const [ann, ben] = [signerFrom(7), signerFrom(8)];
const bundle = bundleOf({ all: rule('permit') });

interface Scene {
  readonly store: LedgerStore;
  readonly ledger: Digest;
}

async function founded(nonce = 'n'): Promise<Scene> {
  const store = new MemoryStore();
  const clock = { nowMs: () => 1_000 };
  const named = { name: 'team', nonce, owner, runtime: runtime.id };
  const agreeing = { keys: roots.map(({ id }) => id), threshold: 2, here: [first, second] };
  const ledger = await foundLedger({ store, clock, bundle }, { ...named, roots: agreeing });
  return { store, ledger: valueOf(ledger) };
}

const speaking = ({ store, ledger }: Scene): Speaking => {
  return { store, ledger, clock: { nowMs: () => 2_000 }, authority: new Authority(store, ledger) };
};

const drafted = async (scene: Scene, sayings: Sayings) =>
  valueOf(await draftSayings(speaking(scene), sayings));

const signed = (said: readonly KeySaying[], ...by: readonly Signer[]): readonly KeySaying[] =>
  said.map(({ kind, envelope }) => ({ kind, envelope: by.reduce(signEnvelope, envelope) }));

const record = (scene: Scene, said: readonly KeySaying[]) => recordSigned(speaking(scene), said);

const codeOf = (result: Result<unknown>) => (result.ok ? undefined : result.refusal.code);

const textsIn = async ({ store }: Scene) => (await store.readAll(0, 100)).map(({ text }) => text);

const trustAnn = sayTrust({ key: ann.id, label: 'ann', purposes: ['approve', 'run'] });

let scene: Scene;

beforeEach(async () => {
  scene = await founded();
});

/** One after the other, each of which needs those before it. */
const ceremony: readonly Sayings[] = [
  trustAnn,
  sayRotation({ key: ann.id, reason: 'r', to: ben.id }),
  sayCompromise({ key: ann.id, reason: 'r', fromSize: 2 }),
  sayRetirement({ key: ben.id, reason: 'r' }),
];

describe('what roots sign elsewhere', () => {
  it('is recorded as what they sign here', async () => {
    const here = await founded();
    for (const sayings of ceremony) {
      const said = await drafted(scene, sayings);
      expect(said.flatMap(({ envelope }) => envelope.signatures)).toEqual([]);
      valueOf(await record(scene, signed(said, first, third)));
      valueOf(await recordSayings(speaking(here), sayings, [first, third]));
    }
    expect(await textsIn(scene)).toEqual(await textsIn(here));
    expect(await findingsOf(scene)).toEqual([]);
  });

  it('needs as many of them as must agree, whoever they are', async () => {
    const someone = fc.constantFrom(...roots, stranger);
    const law = fc.asyncProperty(fc.array(someone, { maxLength: 5 }), async (signers) => {
      const fresh = await founded();
      const before = await textsIn(fresh);
      const result = await record(fresh, signed(await drafted(fresh, trustAnn), ...signers));
      const distinct = new Set(signers);
      const enough = distinct.size >= 2 && !distinct.has(stranger);
      expect(result.ok).toBe(enough);
      expect((await textsIn(fresh)).length).toBe(before.length + (enough ? 1 : 0));
      expect(await findingsOf(fresh)).toEqual([]);
    });
    await fc.assert(law, cases(60));
  });

  it('is recorded once', async () => {
    const said = signed(await drafted(scene, trustAnn), first, second);
    valueOf(await record(scene, said));
    expect(codeOf(await record(scene, said))).toBe('envelope.invalid');
    expect(codeOf(await record(scene, [...said, ...said]))).toBe('envelope.invalid');
  });

  it('does not fit once something else is said of the key, and fits beside what is said of others', async () => {
    valueOf(await recordSayings(speaking(scene), trustAnn, [first, second]));
    const retired = await drafted(scene, sayRetirement({ key: ann.id, reason: 'r' }));
    const trustBen = sayTrust({ key: ben.id, label: 'ben', purposes: ['work'] });
    valueOf(await recordSayings(speaking(scene), trustBen, [first, second]));
    valueOf(await record(scene, signed(retired, first, second)));

    const compromised = sayCompromise({ key: ann.id, reason: 'r', fromSize: 1 });
    const late = await drafted(scene, compromised);
    valueOf(await recordSayings(speaking(scene), compromised, [first, second]));
    expect(codeOf(await record(scene, signed(late, first, second)))).toBe('envelope.invalid');
  });

  it('is of one ledger', async () => {
    const said = await drafted(await founded('another'), trustAnn);
    expect(codeOf(await record(scene, signed(said, first, second)))).toBe('envelope.invalid');
  });

  it('retires the last key that runs neither alone nor beside another saying', async () => {
    const last = sayRetirement({ key: runtime.id, reason: 'r' });
    expect(codeOf(await draftSayings(speaking(scene), last))).toBe('key.needed');
    // Drafted while another key ran as well, which was retired meanwhile.
    valueOf(await recordSayings(speaking(scene), trustAnn, [first, second]));
    const said = signed(await drafted(scene, last), first, second);
    const ended = sayRetirement({ key: ann.id, reason: 'r' });
    const both = [...signed(await drafted(scene, ended), first, second), ...said];
    expect(codeOf(await record(scene, both))).toBe('key.needed');
    valueOf(await recordSayings(speaking(scene), ended, [first, second]));
    expect(codeOf(await record(scene, said))).toBe('key.needed');
  });

  it('is recorded all together or not at all', async () => {
    const said = signed(await drafted(scene, trustAnn), first, second);
    const few = signed(
      await drafted(scene, sayTrust({ key: ben.id, label: 'ben', purposes: ['work'] })),
      first,
    );
    const before = await textsIn(scene);
    expect(codeOf(await record(scene, [...said, ...few]))).toBe('key.not-root');
    expect(await textsIn(scene)).toEqual(before);
  });

  it('is of no root', async () => {
    const ended = sayRetirement({ key: first.id, reason: 'r' });
    expect(codeOf(await draftSayings(speaking(scene), ended))).toBe('key.is-root');
  });
});
