import { describe, expect, it } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import { buildBundle, defaultBundle } from '@chancery/adapters/policy-cedar';
import type { Digest, Signer } from '@chancery/kernel/encoding';
import type { LedgerStore } from '@chancery/kernel/ledger';
import {
  bundleDigest,
  bundleIn,
  policySetDigest,
  type Bundle,
  type Level,
} from '@chancery/kernel/policy';
import {
  activatePolicy,
  Authority,
  foundLedger,
  recordSayings,
  retirePolicy,
  sayTrust,
} from '@chancery/runtime/authority';
import { signerFrom, valueOf } from '@chancery/testkit/builders';

const owner = signerFrom(1);
const runtime = signerFrom(2);
const clock = { nowMs: () => 1_000 };
const permit = 'permit (principal, action, resource)';

interface Scene {
  readonly store: LedgerStore;
  readonly ledger: Digest;
}

async function founded(): Promise<Scene> {
  const store = new MemoryStore();
  const founding = { store, clock, bundle: defaultBundle() };
  const named = { name: 'a', nonce: 'n', owner, runtime: runtime.id };
  return { store, ledger: valueOf(await foundLedger(founding, named)) };
}

function built(text: string, name = 'team', level: Level = 'repository'): Bundle {
  return valueOf(buildBundle({ name, level, text }));
}

function activating(scene: Scene, bundle: Bundle, by: Signer = owner) {
  const authority = new Authority(scene.store, scene.ledger);
  return activatePolicy({ ...scene, clock, authority, by }, bundle);
}

async function active({ store, ledger }: Scene): Promise<readonly string[]> {
  const { active: bundles } = await new Authority(store, ledger).policies();
  return [...bundles.values()].map((each) => bundleDigest(bundleIn(each)));
}

const first = built(`@id("a") ${permit};`);
const second = built(`@id("b") ${permit};`);

describe('a policy', () => {
  it('is active beside the others, and in the place of one of its level and name', async () => {
    const scene = await founded();
    expect(valueOf(await activating(scene, first))).toMatch(/^[0-9a-f]{64}$/);
    expect(await active(scene)).toEqual([defaultBundle(), first].map(bundleDigest));
    await activating(scene, second);
    expect(await active(scene)).toEqual([defaultBundle(), second].map(bundleDigest));
    const set = await new Authority(scene.store, scene.ledger).policySet();
    expect(set.digest).toBe(policySetDigest([defaultBundle(), second]));
  });

  it('that is active already is not recorded again', async () => {
    const scene = await founded();
    await activating(scene, first);
    const head = await scene.store.head('policy');
    expect(valueOf(await activating(scene, first))).toBeNull();
    expect(await scene.store.head('policy')).toEqual(head);
  });

  it.each([
    ['a key that the ledger does not know', signerFrom(9)],
    ['a key that is trusted for something else', runtime],
  ])('is not activated by %s', async (_, by) => {
    const scene = await founded();
    expect(await activating(scene, first, by)).toMatchObject({
      ...{ ok: false, refusal: { code: 'policy.not-signer' } },
    });
    expect(await active(scene)).toEqual([bundleDigest(defaultBundle())]);
  });

  it('is activated by a key from when on it is trusted for that', async () => {
    const scene = await founded();
    const authority = new Authority(scene.store, scene.ledger);
    const whom = { key: runtime.id, label: 'r', purposes: ['sign-policy'] as const };
    valueOf(await recordSayings({ ...scene, clock, authority }, sayTrust(whom), [owner]));
    expect((await activating(scene, first, runtime)).ok).toBe(true);
  });

  it('is refused where the set would not compile, and nothing is recorded', async () => {
    const scene = await founded();
    const clash = built(`@id("permit-reading") ${permit};`, 'other', 'tenant');
    expect(await activating(scene, clash)).toMatchObject({
      ...{ ok: false, refusal: { code: 'policy.invalid' } },
    });
    expect(await active(scene)).toEqual([bundleDigest(defaultBundle())]);
  });

  it('and another that is activated at the same moment are both active after', async () => {
    const scene = await founded();
    const others = [first, second, built(`@id("c") ${permit};`, 'third')].map((bundle, index) => ({
      ...bundle,
      name: `team-${index}`,
    }));
    for (const said of await Promise.all(others.map((bundle) => activating(scene, bundle)))) {
      expect(valueOf(said)).toMatch(/^[0-9a-f]{64}$/);
    }
    expect(await active(scene)).toHaveLength(4);
    const { trust } = await new Authority(scene.store, scene.ledger).policies();
    expect(trust.ledger).toBe(scene.ledger);
  });
});

describe('a policy that is retired', () => {
  function retiring(scene: Scene, bundle: Bundle, by: Signer = owner) {
    const authority = new Authority(scene.store, scene.ledger);
    const { level, name } = bundle;
    return retirePolicy({ ...scene, clock, authority, by }, { level, name, reason: 'over' });
  }

  it('decides no more, and can be activated again', async () => {
    const scene = await founded();
    await activating(scene, first);
    expect(valueOf(await retiring(scene, first))).toMatch(/^[0-9a-f]{64}$/);
    expect(await active(scene)).toEqual([bundleDigest(defaultBundle())]);
    expect(valueOf(await retiring(scene, first))).toBeNull();
    expect(valueOf(await activating(scene, first))).toMatch(/^[0-9a-f]{64}$/);
    expect(await active(scene)).toEqual([defaultBundle(), first].map(bundleDigest));
  });

  it('is retired by a key that may sign policies, and not when it is the last', async () => {
    const scene = await founded();
    await activating(scene, first);
    expect(await retiring(scene, first, runtime)).toMatchObject({
      ...{ ok: false, refusal: { code: 'policy.not-signer' } },
    });
    await retiring(scene, first);
    expect(await retiring(scene, defaultBundle())).toMatchObject({
      ...{ ok: false, refusal: { code: 'policy.invalid' } },
    });
    expect(await active(scene)).toEqual([bundleDigest(defaultBundle())]);
  });

  it('and one that is activated in its place at the same moment: whatever comes last holds', async () => {
    const scene = await founded();
    await activating(scene, first);
    const said = await Promise.all([activating(scene, second), retiring(scene, first)]);
    expect(said.every(({ ok }) => ok)).toBe(true);
    const [last] = (await scene.store.read('policy', 3, 1)).map(({ text }) => text);
    const stays = last?.includes('"policy.activated"') === true;
    expect(await active(scene)).toHaveLength(stays ? 2 : 1);
  });
});
