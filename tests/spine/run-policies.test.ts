import { describe, expect, it } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import type { JsonObject } from '@chancery/kernel/encoding';
import type { Bundle } from '@chancery/kernel/policy';
import type { RefusalCode } from '@chancery/kernel/refusal';
import { recordChannel } from '@chancery/runtime/authority';
import { ownPoliciesOf, type OwnPolicy } from '@chancery/runtime/drive';
import { someDigest } from '@chancery/testkit/builders';
import { bundleOf, houseOf, modelOf, poison, rule, startTestRun } from '@chancery/testkit/house';
import { call, driving, findingsOf, kindsOf, takenUp } from './drive.ts';
import { vote } from './vote.ts';

function own(rules: Readonly<Record<string, JsonObject>>, change: Partial<Bundle> = {}): OwnPolicy {
  return { bundle: { ...bundleOf(rules), name: 'mine', level: 'run', ...change } };
}

/** Two effects, of which a policy of the run may let one through. */
async function scene(change: { readonly bundle?: Bundle } = {}) {
  const [send, drop] = [poison('send', 'external'), poison('drop', 'external')];
  const store = new MemoryStore();
  const house = await houseOf({ store, capabilities: [send, drop], ...change });
  return { house, taken: () => [send.taken(), drop.taken()] };
}

type Scene = Awaited<ReturnType<typeof scene>>;

const turns = [call('send'), call('drop'), { say: 'done' }];

const start = ({ house }: Scene, ...policies: readonly OwnPolicy[]) =>
  startTestRun(house, modelOf(turns), { policies });

const codesOf = ({ house }: Scene): readonly string[] =>
  house.seen.flatMap(({ entry }) =>
    entry.kind === 'proposal.rejected' ? [entry.body.refusal.code] : [],
  );

const sendOnly = own({ mine: rule('permit', 'send') });

describe('a policy of one run', () => {
  it('decides from the first question to the end of it, and on no other run', async () => {
    const on = await scene();
    const held = await start(on, sendOnly);
    const other = await startTestRun(on.house, modelOf(turns));
    await driving(held);
    expect([on.taken(), codesOf(on)]).toEqual([[1, 0], ['policy.denied']]);
    await driving(other);
    expect([on.taken(), codesOf(on)]).toEqual([[2, 1], ['policy.denied']]);
    expect(await findingsOf(on.house)).toEqual([]);
  });

  it('gives nothing that the policies above it do not', async () => {
    const on = await scene({ bundle: bundleOf({ all: rule('permit', 'drop') }) });
    await driving(await start(on, own({ every: rule('permit') })));
    expect([on.taken(), codesOf(on)]).toEqual([[0, 1], ['policy.denied']]);
    expect(await findingsOf(on.house)).toEqual([]);
  });

  it('holds, and decides again when the run is taken up and its action released', async () => {
    const on = await scene();
    const held = await start(
      on,
      own({ mine: rule('permit', 'send'), ask: rule('forbid', 'send', { hold: 'human' }) }),
    );
    const end = await driving(held);
    if (end.kind !== 'held') throw new Error(`the run is ${end.kind}`);
    expect(on.taken()).toEqual([0, 0]);
    await vote(on.house, end.action, 'grant');
    await driving(await takenUp(on.house, held));
    expect([on.taken(), codesOf(on)]).toEqual([[1, 0], ['policy.denied']]);
    expect(await findingsOf(on.house)).toEqual([]);
  });

  it('stands outside the entry when it is large, and is read from there', async () => {
    const on = await scene();
    const text = `// ${'x'.repeat(40_000)}`;
    const held = await start(on, own({ mine: rule('permit', 'send') }, { text }));
    const started = on.house.seen.find(({ entry }) => entry.kind === 'run.started');
    expect(started?.entry.body).toMatchObject({ policies: [{ envelope: { blob: {} } }] });
    await driving(await takenUp(on.house, held));
    expect(on.taken()).toEqual([1, 0]);
    expect(await findingsOf(on.house)).toEqual([]);
  });
});

it('is not taken up with a policy that another key has signed, or that is another', async () => {
  const on = await scene();
  await start(on, sendOnly);
  const body = on.house.seen.flatMap(({ entry }) =>
    entry.kind === 'run.started' ? [entry.body] : [],
  )[0];
  if (body?.policies === undefined) throw new Error('the run has a policy');
  const { actor, policies } = body;
  const room = { store: on.house.store };
  expect(await ownPoliciesOf(room, { actor, policies })).toMatchObject({
    bundles: [sendOnly.bundle],
  });
  for (const other of [
    { actor: on.house.owner.id, policies },
    { actor, policies: policies.map((each) => ({ ...each, bundle: someDigest('other') })) },
  ]) {
    await expect(ownPoliciesOf(room, other)).rejects.toMatchObject({
      refusal: { code: 'policy.invalid' },
    });
  }
});

describe('a run', () => {
  it.each<[string, RefusalCode, readonly OwnPolicy[]]>([
    ['that permits nothing', 'policy.invalid', [own({ no: rule('forbid', 'drop') })]],
    [
      'that forbids everything',
      'policy.invalid',
      [own({ mine: rule('permit'), no: rule('forbid') })],
    ],
    [
      'whose permits are only watched',
      'policy.invalid',
      [own({ mine: rule('permit', undefined, { shadow: '' }) })],
    ],
    ['of another level', 'policy.invalid', [own({ mine: rule('permit') }, { level: 'tenant' })]],
    [
      'that lifts a hold',
      'policy.invalid',
      [own({ mine: rule('permit'), lift: rule('permit', 'send', { lifts: 'x' }) })],
    ],
    ['that another has', 'policy.invalid', [sendOnly, own({ mine: rule('permit') })]],
    [
      'with a secret in it',
      'args.secret',
      [own({ mine: rule('permit') }, { text: `// ghp_0aA1bB2cC3dD4eE5fF6gG7hH8iI9jJ0kK1lL` })],
    ],
    [
      'that nobody could release',
      'approval.unreachable',
      [own({ mine: rule('permit'), ask: rule('forbid', 'send', { hold: 'desk', quorum: '2' }) })],
    ],
  ])('is not begun with a policy %s', async (_, code, policies) => {
    const on = await scene();
    const { store, ledger, clock, owner, authority } = on.house;
    const desk = { name: 'desk', approvers: [owner.id], withinMs: 1_000, escalate: null };
    await recordChannel({ store, ledger, clock, by: owner, authority }, desk);
    await expect(start(on, ...policies)).rejects.toMatchObject({ refusal: { code } });
    expect([kindsOf(on.house), on.taken()]).toEqual([[], [0, 0]]);
  });
});
