import { beforeEach, describe, expect, it } from 'vitest';
import { buildBundle } from '@chancery/adapters/policy-cedar';
import { MemoryStore } from '@chancery/adapters/store-memory';
import { liftedBy, reachOf, rememberedRule, type HeldDecision } from '@chancery/domain/policies';
import { policyRequest, readQuestion, type Question } from '@chancery/kernel/compiler';
import type { JsonObject } from '@chancery/kernel/encoding';
import {
  activateBundle,
  compilePolicySet,
  policySetDigest,
  ruleDigest,
  type Bundle,
} from '@chancery/kernel/policy';
import {
  activatePolicy,
  Authority,
  proposePolicy,
  retirePolicy,
  withdrawProposed,
  type Signatory,
} from '@chancery/runtime/authority';
import type { DriveEnd } from '@chancery/runtime/drive';
import { Journal } from '@chancery/runtime/journal';
import { signerFrom, someDigest } from '@chancery/testkit/builders';
import {
  bundleOf,
  HandClock,
  houseOf,
  modelOf,
  poison,
  rule,
  startTestRun,
  type TestHouse,
} from '@chancery/testkit/house';
import { call, driving, findingsOf } from './drive.ts';
import { vote } from './vote.ts';

let house: TestHouse;
let send: ReturnType<typeof poison>;
let clock: HandClock;

const rules = {
  all: rule('permit'),
  ask: rule('forbid', 'send', { hold: 'human' }),
  watch: rule('forbid', 'post', { hold: 'human' }),
};
const bundle = bundleOf(rules);

beforeEach(async () => {
  send = poison('send', 'external');
  const capabilities = [send, poison('post', 'external')];
  clock = new HandClock();
  house = await houseOf({ store: new MemoryStore(), capabilities, bundle, clock });
});

const signatory = (by = house.owner): Signatory => {
  const { store, ledger, clock } = house;
  return { store, ledger, clock, by, authority: new Authority(store, ledger) };
};

async function running(name: string, args: JsonObject): Promise<DriveEnd['kind']> {
  const held = await startTestRun(house, modelOf([call(name, args), { say: 'done' }]));
  return (await driving(held)).kind;
}

/** What was held last. */
function heldLast(): HeldDecision {
  const held = house.seen.findLast(({ entry }) => entry.kind === 'proposal.suspended');
  if (held?.entry.kind !== 'proposal.suspended') throw new Error('nothing was held');
  const { body } = held.entry;
  const content = body.question;
  const question =
    content !== undefined && 'inline' in content ? readQuestion(content.inline) : undefined;
  if (question === undefined) throw new Error('it has no question');
  return { ...body, question, actor: house.actor.id };
}

const dayMs = 86_400_000;

function ruleOf(held: HeldDecision, untilMs = clock.ms + dayMs): Bundle {
  const made = rememberedRule(held, { untilMs, active: [bundle] });
  if (!made.ok) throw new Error(made.refusal.message);
  const built = buildBundle(made.value);
  if (!built.ok) throw new Error(built.refusal.message);
  return built.value;
}

/** As a question was recorded before this member was. */
function without(member: string, context: Question['context']): Question['context'] {
  return Object.fromEntries(Object.entries(context).filter(([name]) => name !== member));
}

const letter = { to: 'ada@example.org', text: 'it is "done" \u{1f389}\n' };

describe('what is remembered', () => {
  it('lets the very same action happen in another run, and is revoked by itself', async () => {
    expect(await running('send', letter)).toBe('held');
    const remembered = ruleOf(heldLast());
    expect((await activatePolicy(signatory(), remembered)).ok).toBe(true);
    expect([await running('send', letter), send.taken()]).toEqual(['finished', 1]);
    const { name, level } = remembered;
    expect((await retirePolicy(signatory(), { name, level, reason: '' })).ok).toBe(true);
    expect([await running('send', letter), send.taken()]).toEqual(['held', 1]);
    const { active } = await house.authority.policies();
    expect([...active.values()]).toEqual([bundle]);
    expect(await findingsOf(house)).toEqual([]);
  });

  it('lifts its hold until its time is over, and tells how far it reaches', async () => {
    await running('send', letter);
    const untilMs = clock.ms + dayMs;
    const remembered = ruleOf(heldLast(), untilMs);
    await activatePolicy(signatory(), remembered);
    const { context } = heldLast().question;
    expect(reachOf(remembered)).toEqual({ repository: context['repository'], untilMs });
    clock.ms = untilMs - 1_000;
    expect(await running('send', letter)).toBe('finished');
    clock.ms = untilMs;
    expect([await running('send', letter), send.taken()]).toEqual(['held', 1]);
    expect(await findingsOf(house)).toEqual([]);
  });

  it('is told as reaching everywhere and for good where the rule does not say otherwise', () => {
    const built = (when: string): Bundle => {
      const clause = when.startsWith('unless') ? when : `when { ${when} }`;
      const text = `@id("r") @lifts("ask") permit (principal, action, resource) ${clause};`;
      const made = buildBundle({ name: 'remembered-x', level: 'tenant', text });
      if (!made.ok) throw new Error(made.refusal.message);
      return made.value;
    };
    const here = 'context has repository && context.repository == "/here"';
    expect([
      reachOf(built('context.depth == 0')),
      reachOf(built(`context.depth == 0 || (${here})`)),
      reachOf(built(`!(${here})`)),
      reachOf(built(`unless { ${here} && context.timeMs < 50 }`)),
      reachOf(built('context.timeMs < 50 || context.depth == 0')),
      reachOf(built(`${here} && context.timeMs < 50`)),
      reachOf(built(`context.timeMs < 70 && context.timeMs < 50`)),
    ]).toEqual([
      ...Array<object>(5).fill({ repository: null, untilMs: null }),
      { repository: '/here', untilMs: 50 },
      { repository: null, untilMs: 50 },
    ]);
  });

  it('holds whatever is another action, as before', async () => {
    await running('send', letter);
    await activatePolicy(signatory(), ruleOf(heldLast()));
    expect([
      await running('send', { ...letter, to: 'eve@example.org' }),
      await running('send', { ...letter, text: '' }),
      await running('send', { ...letter, more: 1 }),
      await running('post', letter),
      send.taken(),
    ]).toEqual(['held', 'held', 'held', 'held', 0]);
  });

  it('is asked again of another agent, contract, effect or repository, or in a run that has seen more', async () => {
    await running('send', letter);
    const held = heldLast();
    const set = compilePolicySet([bundle, ruleOf(held)]);
    if (!set.ok) throw new Error(set.refusal.message);
    const { question } = held;
    const { context, capability } = question;
    const verdict = (change: Partial<Question>, actor = house.actor.id): string =>
      set.value.decide(policyRequest({ ...question, ...change }, actor)).kind;
    const withContext = (change: object): string => verdict({ context: { ...context, ...change } });
    const facts = context['facts'] as JsonObject;
    expect([
      verdict({}),
      verdict({}, signerFrom(9).id),
      verdict({ capability: { ...capability, version: '2' } }),
      verdict({ action: 'query' }),
      withContext({ effects: ['external', 'write'] }),
      withContext({ timeMs: clock.ms + 2 * dayMs }),
      withContext({ arguments: someDigest('other') }),
      withContext({ unsandboxed: true }),
      withContext({ repository: '/another' }),
      withContext({ labels: ['secret:home'] }),
      withContext({ facts: { ...facts, readSecret: true } }),
      withContext({ facts: { ...facts, sawUntrusted: true } }),
    ]).toEqual(['permit', ...Array<string>(11).fill('hold')]);
    expect(verdict({ context: without('arguments', context) })).toBe('hold');
    expect(verdict({ context: without('repository', context) })).toBe('hold');
  });

  it('is asked again where the same line would run something else', async () => {
    await running('send', letter);
    const held = heldLast();
    const line = { command: 'npm run a', programs: ['node', 'npm'], does: ['executes'] };
    const context = { ...held.question.context, ...line };
    const set = compilePolicySet([
      bundle,
      ruleOf({ ...held, question: { ...held.question, context } }),
    ]);
    if (!set.ok) throw new Error(set.refusal.message);
    const verdict = (change: object): string => {
      const question = { ...held.question, context: { ...context, ...change } };
      return set.value.decide(policyRequest(question, held.actor)).kind;
    };
    expect([
      verdict({}),
      verdict({ programs: ['curl', 'node', 'npm'] }),
      verdict({ does: ['executes', 'external'] }),
    ]).toEqual(['permit', 'hold', 'hold']);
  });

  it.each<readonly [string, JsonObject]>([
    ['another channel', rule('forbid', 'send', { hold: 'desk' })],
    ['more', rule('forbid', undefined, { hold: 'human' })],
    ['another advice', rule('forbid', 'send', { hold: 'human', advice: 'look twice' })],
  ])('lifts nothing once its rule holds for %s', async (_, ask) => {
    await running('send', letter);
    const remembered = ruleOf(heldLast());
    expect((await activatePolicy(signatory(), remembered)).ok).toBe(true);
    expect([await running('send', letter), send.taken()]).toEqual(['finished', 1]);
    expect((await activatePolicy(signatory(), bundleOf({ ...rules, ask }))).ok).toBe(true);
    expect([await running('send', letter), send.taken()]).toEqual(['held', 1]);
    expect((await activatePolicy(signatory(), bundle)).ok).toBe(true);
    expect([await running('send', letter), send.taken()]).toEqual(['finished', 2]);
    expect(await findingsOf(house)).toEqual([]);
  });

  it('is not made by a rule that is not active any more', async () => {
    await running('send', letter);
    const { all, watch } = rules;
    const made = rememberedRule(heldLast(), {
      ...{ untilMs: clock.ms + dayMs, active: [bundleOf({ all, watch })] },
    });
    expect(made.ok ? '' : made.refusal.code).toBe('grant.not-rememberable');
  });

  it('names its rule as it stands, or is not activated', async () => {
    const loose = rule('permit', 'send', { lifts: 'ask' });
    const digest = ruleDigest(bundle.policies.staticPolicies['ask'] ?? null);
    const named = { ...bundleOf({ loose }), name: 'loose' };
    const refused = await activatePolicy(signatory(), named);
    expect(refused.ok ? {} : refused.refusal).toMatchObject({
      code: 'policy.invalid',
      remedy: expect.stringContaining(digest) as string,
    });
    const bound = rule('permit', 'send', { lifts: 'ask', digest });
    const activated = await activatePolicy(signatory(), {
      ...named,
      ...bundleOf({ bound }),
      name: 'bound',
    });
    expect(activated.ok).toBe(true);
  });

  it('of before it named its rule as it stands keeps that rule from being changed', async () => {
    const loose = {
      ...bundleOf({ loose: rule('permit', 'send', { lifts: 'ask' }) }),
      name: 'loose',
    };
    const { ledger, store, owner } = house;
    const after = (await store.head('policy'))?.digest ?? ledger;
    const policySet = policySetDigest([bundle, loose]);
    const body = activateBundle({ ledger, after, bundle: loose, policySet, by: owner });
    const journal = new Journal({ store, ledger, clock, by: owner.id });
    const heads = new Map([['policy', await store.head('policy')]]);
    await journal.append(heads, [{ stream: 'policy', kind: 'policy.activated', body }]);
    expect([await running('send', letter), send.taken()]).toEqual(['finished', 1]);
    const other = { ...rules, ask: rule('forbid', undefined, { hold: 'human' }) };
    const changed = await activatePolicy(signatory(), bundleOf(other));
    expect(changed.ok ? '' : changed.refusal.code).toBe('policy.invalid');
    const also = { ...rules, other: rule('permit') };
    expect((await activatePolicy(signatory(), bundleOf(also))).ok).toBe(true);
    const { name, level } = loose;
    expect((await retirePolicy(signatory(), { name, level, reason: '' })).ok).toBe(true);
    expect((await activatePolicy(signatory(), bundleOf(other))).ok).toBe(true);
    expect([await running('send', letter), send.taken()]).toEqual(['held', 1]);
    expect(await findingsOf(house)).toEqual([]);
  });

  it('permits nothing that is not permitted, and lifts nothing but its hold', async () => {
    await running('send', letter);
    const held = heldLast();
    const remembered = ruleOf(held);
    const verdict = (rest: Readonly<Record<string, JsonObject>>): string => {
      const set = compilePolicySet([bundleOf(rest), remembered]);
      return set.ok ? set.value.decide(policyRequest(held.question, held.actor)).kind : '';
    };
    const { all, ask } = rules;
    expect([
      verdict({ all, ask }),
      verdict({ ask }),
      verdict({ all, ask, no: rule('forbid', 'send') }),
      verdict({ all, ask, also: rule('forbid', 'send', { hold: 'human' }) }),
      verdict({ all, ask: rule('forbid', 'send', { hold: 'human', quorum: '2' }) }),
    ]).toEqual(['permit', 'deny', 'deny', 'hold', 'hold']);
  });
});

describe('of an action that two rules hold', () => {
  const also = rule('forbid', 'send', { hold: 'human', advice: 'look twice' });
  const both = bundleOf({ ...rules, also });
  const remember = (active: readonly Bundle[]): Bundle | string => {
    const made = rememberedRule(heldLast(), { untilMs: clock.ms + dayMs, active });
    if (!made.ok) return made.refusal.code;
    const built = buildBundle(made.value);
    return built.ok ? built.value : built.refusal.message;
  };

  it('the one that nothing lifts is remembered, and no other', async () => {
    await running('send', letter);
    const first = ruleOf(heldLast());
    await activatePolicy(signatory(), first);
    await activatePolicy(signatory(), both);
    expect(await running('send', letter)).toBe('held');
    const second = remember([both, first]);
    if (typeof second === 'string') throw new Error(second);
    expect(liftedBy(second)).toBe('also');
    await activatePolicy(signatory(), second);
    expect([await running('send', letter), send.taken()]).toEqual(['finished', 1]);
    expect(await findingsOf(house)).toEqual([]);
  });

  it('none is remembered where nothing lifts the other any more', async () => {
    await running('send', letter);
    const first = ruleOf(heldLast());
    await activatePolicy(signatory(), first);
    await activatePolicy(signatory(), both);
    await running('send', letter);
    const changed = bundleOf({ ...rules, also, ask: rule('forbid', undefined, { hold: 'human' }) });
    expect([remember([both]), remember([changed, first]), remember([first])]).toEqual(
      Array<string>(3).fill('grant.not-rememberable'),
    );
  });
});

describe('of an action that two rules hold, one before lifts named theirs as it stood', () => {
  it.each([
    ['tenant', 'ask', 'also'],
    ['tenant', 'watch', 'grant.not-rememberable'],
    ['organisation', 'ask', 'grant.not-rememberable'],
  ] as const)('a lift of level %s of the rule %s leaves %s', async (level, lifts, left) => {
    await running('send', letter);
    const held = heldLast();
    const loose = { ...bundleOf({ loose: rule('permit', 'send', { lifts }) }), name: 'l', level };
    const also = { id: 'also', level: 'tenant', effect: 'hold' } as const;
    const marks = [...held.rules, also, { id: 'loose', level, effect: 'lift' } as const];
    const active = [bundleOf({ ...rules, also: rule('forbid', 'send', { hold: 'human' }) }), loose];
    const made = rememberedRule({ ...held, rules: marks }, { untilMs: clock.ms + dayMs, active });
    expect(made.ok ? made.value.lifts : made.refusal.code).toBe(left);
  });
});

describe('what is not remembered', () => {
  const codeOf = (change: Partial<HeldDecision>): string => {
    const made = rememberedRule(
      { ...heldLast(), ...change },
      { untilMs: clock.ms + dayMs, active: [bundle] },
    );
    return made.ok ? made.value.lifts : made.refusal.code;
  };

  it('is what is lent a secret, or runs a file that may be another by then', async () => {
    await running('send', letter);
    const { question } = heldLast();
    const asked = (change: object) =>
      codeOf({ question: { ...question, context: { ...question.context, ...change } } });
    expect([
      asked({ roles: ['command', 'credential'] }),
      asked({ does: ['write', 'irreversible'] }),
      asked({ command: './deploy.sh' }),
      asked({ command: 'npm test && CI=1 scripts/deploy now' }),
      asked({ command: 'echo $(/tmp/x)' }),
    ]).toEqual(Array<string>(5).fill('grant.not-rememberable'));
    expect([
      asked({ command: 'npm publish --registry https://packages.example.org' }),
      asked({ command: 'git push origin feature/x' }),
    ]).toEqual(['ask', 'ask']);
  });

  it('is what more than one must approve, or what several hold, or what cannot be undone', async () => {
    await running('send', letter);
    const { hold, rules: marks, question } = heldLast();
    const also = { id: 'also', level: 'tenant', effect: 'hold' } as const;
    const { context } = question;
    expect([
      codeOf({}),
      codeOf({ hold: { ...hold, quorum: 2 } }),
      codeOf({ rules: [...marks, also] }),
      codeOf({ rules: [] }),
      codeOf({ effects: ['irreversible'] }),
      codeOf({ question: { ...question, holds: ['risk'] } }),
      codeOf({ question: { ...question, context: without('arguments', context) } }),
      codeOf({ question: { ...question, context: without('repository', context) } }),
    ]).toEqual(['ask', ...Array<string>(7).fill('grant.not-rememberable')]);
  });
});

describe('what is proposed', () => {
  it('decides nothing until it is activated, and may be withdrawn', async () => {
    await running('send', letter);
    const held = heldLast();
    const remembered = ruleOf(held);
    const propose = async (by = house.owner) => {
      const made = await proposePolicy(signatory(by), remembered, held.actionDigest);
      return made.ok ? made.value : made.refusal.code;
    };
    const proposed = async () => [...(await house.authority.policies()).proposed.values()];
    expect([await propose(signerFrom(9)), await propose(), await propose()]).toEqual([
      'policy.not-signer',
      expect.stringMatching(/^[0-9a-f]{64}$/),
      null,
    ]);
    const known = { bundle: remembered, action: held.actionDigest, by: house.owner.id };
    expect([await proposed(), await running('send', letter)]).toEqual([[known], 'held']);
    const [digest = ''] = (await house.authority.policies()).proposed.keys();
    const withdraw = async (by = house.owner) => {
      const made = await withdrawProposed(signatory(by), { bundle: digest, reason: '' });
      return made.ok || made.refusal.code;
    };
    expect([await withdraw(signerFrom(9)), await withdraw(), await withdraw()]).toEqual([
      'policy.not-signer',
      true,
      'grant.unknown',
    ]);
    await propose();
    await activatePolicy(signatory(), remembered);
    expect([await proposed(), await propose(), await running('send', letter)]).toEqual([
      [],
      null,
      'finished',
    ]);
    expect(await findingsOf(house)).toEqual([]);
  });
});

it('an action that was approved and remembered is released by its vote', async () => {
  const held = await startTestRun(house, modelOf([call('send', letter), { say: 'done' }]));
  const end = await driving(held);
  if (end.kind !== 'held') throw new Error('it is not held');
  await vote(house, end.action, 'grant');
  await activatePolicy(signatory(), ruleOf(heldLast()));
  expect([(await driving(held)).kind, send.taken(), await findingsOf(house)]).toEqual([
    'finished',
    1,
    [],
  ]);
});
