import { describe, expect, it } from 'vitest';
import type { Json } from '@chancery/kernel/encoding';
import { readQuestion, stageNames } from '@chancery/kernel/compiler';
import type { PolicySet, PolicyVerdict, RuleMark } from '@chancery/kernel/policy';
import type { Proposal, Redecision } from './model.ts';
import { recordedRuling } from './ruling.ts';
import { RunSimulation } from './run-simulation.ts';

const actor = `ed25519:${'1'.repeat(64)}`;

type Said =
  | 'permit'
  | 'hold'
  | 'one of two lifted'
  | 'hold for two'
  | 'hold elsewhere'
  | 'lifted'
  | 'deny'
  | 'error';

function mark(effect: RuleMark['effect']): RuleMark {
  return { id: `a-${effect}`, level: 'tenant', effect };
}

const permit = mark('permit');
const held: Extract<PolicyVerdict, { kind: 'hold' }> = {
  ...{ kind: 'hold', rules: [permit, mark('hold')], channel: 'human', quorum: 1 },
  ...{ rule: 'a-hold', advice: undefined },
};
const other: RuleMark = { id: 'other', level: 'tenant', effect: 'hold' };
const verdicts: Readonly<Record<Said, PolicyVerdict>> = {
  permit: { kind: 'permit', rules: [permit] },
  hold: held,
  'hold for two': { ...held, quorum: 2 },
  'hold elsewhere': { ...held, channel: 'security' },
  'one of two lifted': {
    ...held,
    rules: [permit, mark('hold'), other, mark('lift')],
    lifted: [other],
  },
  lifted: { kind: 'permit', rules: [permit, mark('hold'), mark('permit')] },
  deny: { kind: 'deny', rules: [permit, mark('forbid')], advice: undefined },
  error: { kind: 'error', rules: [mark('error')], message: 'it failed' },
};

function saying(said: Said): PolicySet {
  return { digest: '0'.repeat(64), decide: () => verdicts[said] };
}

/** How a decision is recorded, of which action, and what is said of it now. */
interface Decided {
  readonly recorded:
    | Exclude<Said, 'hold for two' | 'hold elsewhere'>
    | 'staged after a hold'
    | 'refused by a human'
    | 'refused before';
  readonly action?: string;
  readonly tried: Said;
  /** What the recorded set says, where that is not what is recorded. */
  readonly active?: Said;
  readonly holds?: readonly string[];
  readonly asked?: Json;
}

function traceOf(refusedAt: string | undefined) {
  const verdictAt = (name: string) => (name === refusedAt ? 'refuse' : 'pass');
  return Object.fromEntries(stageNames.map((name) => [name, verdictAt(name)]));
}

function proposalOf({ recorded, action = 'a' }: Decided): Proposal {
  const entry = (kind: string, rest: object, said: Said, refusedAt?: string) => {
    const body = { ...rest, rules: verdicts[said].rules, trace: traceOf(refusedAt) };
    return { kind, body } as unknown as Proposal;
  };
  const proposed = { actionDigest: action, action: { intent: `intent of ${action}` } };
  const refusal = (code: string) => ({ refusal: { code }, intent: `intent of ${action}` });
  switch (recorded) {
    case 'permit':
      return entry('proposal.staged', proposed, 'permit');
    case 'staged after a hold':
      return entry('proposal.staged', proposed, 'hold');
    case 'lifted':
      return entry('proposal.staged', proposed, 'lifted');
    case 'hold':
    case 'one of two lifted':
      return entry('proposal.suspended', { ...proposed, hold: held }, recorded);
    case 'deny':
      return entry('proposal.rejected', refusal('policy.denied'), 'deny', 'policy');
    case 'error':
      return entry('proposal.rejected', refusal('policy.error'), 'error', 'policy');
    case 'refused by a human':
      return entry('proposal.rejected', refusal('approval.denied'), 'hold', 'holds');
    case 'refused before':
      return entry('proposal.rejected', refusal('budget.exhausted'), 'permit', 'budget');
  }
}

const question = (holds: readonly string[]): Json => ({
  action: 'act',
  capability: { effect: 'write', name: 'fs.write', risk: 'low', version: '1' },
  context: {},
  holds,
});

const recordedAs: Readonly<Record<Decided['recorded'], Said>> = {
  ...{ permit: 'permit', hold: 'hold', lifted: 'lifted', deny: 'deny', error: 'error' },
  'one of two lifted': 'one of two lifted',
  'staged after a hold': 'hold',
  'refused by a human': 'hold',
  'refused before': 'permit',
};

/** What comes of these decisions of one run. */
function simulated(...decisions: readonly Decided[]): readonly Redecision[] {
  const run = new RunSimulation(actor);
  return decisions.map((decided) => {
    const { tried, holds = [], recorded } = decided;
    const active = decided.active ?? recordedAs[recorded];
    const asked = 'asked' in decided ? decided.asked : question(holds);
    const sets = { active: saying(active), tried: saying(tried) };
    return run.advance(proposalOf(decided), asked, sets);
  });
}

const asksOf = (said: Said) => (said === 'hold' ? { channel: 'human', quorum: 1 } : null);

const kinds = (...decisions: readonly Decided[]) => simulated(...decisions).map(({ kind }) => kind);

describe('a decision that is made again', () => {
  it.each(['permit', 'hold', 'lifted', 'deny', 'error'] as const)('of %s is the same', (said) => {
    expect(simulated({ recorded: said, tried: said })).toEqual([
      { kind: 'same', otherRules: false },
    ]);
  });

  it.each([
    ['permit', 'deny', ['tenant/a-permit'], ['tenant/a-forbid']],
    ['permit', 'hold', ['tenant/a-permit'], ['tenant/a-hold']],
    ['hold', 'permit', ['tenant/a-hold'], ['tenant/a-permit']],
    ['hold', 'deny', ['tenant/a-hold'], ['tenant/a-forbid']],
    ['deny', 'permit', ['tenant/a-forbid'], ['tenant/a-permit']],
    ['deny', 'hold', ['tenant/a-forbid'], ['tenant/a-hold']],
    ['permit', 'error', ['tenant/a-permit'], ['tenant/a-error']],
  ] as const)('flips from %s to %s, by the rules of both', (recorded, tried, by, now) => {
    expect(simulated({ recorded, tried })).toEqual([
      {
        kind: 'flipped',
        capability: 'fs.write',
        before: { verdict: recorded, by, asks: asksOf(recorded) },
        after: { verdict: tried, by: now, asks: asksOf(tried) },
      },
    ]);
  });

  it('names no rule that was lifted, where it is recorded or tried', () => {
    const by = ['tenant/a-hold'];
    expect(simulated({ recorded: 'one of two lifted', tried: 'permit' })).toMatchObject([
      { kind: 'flipped', before: { by } },
    ]);
    expect(simulated({ recorded: 'permit', tried: 'one of two lifted' })).toMatchObject([
      { kind: 'flipped', after: { by } },
    ]);
  });

  it('names all that held where nobody can say which were lifted', () => {
    const asked = readQuestion(question([]));
    if (asked === undefined) throw new Error('it is no question');
    const proposal = proposalOf({ recorded: 'one of two lifted', tried: 'permit' });
    const active = { ...verdicts['one of two lifted'], rules: [permit, mark('hold'), other] };
    expect(recordedRuling(proposal, asked, () => active).by).toEqual([
      'tenant/a-hold',
      'tenant/other',
    ]);
  });

  it.each([
    ['hold', 'hold for two', 'hold', { channel: 'human', quorum: 2 }],
    ['hold', 'hold elsewhere', 'hold', { channel: 'security', quorum: 1 }],
    ['staged after a hold', 'hold for two', 'hold', { channel: 'human', quorum: 2 }],
    ['hold', 'lifted', 'permit', null],
    ['lifted', 'hold', 'hold', { channel: 'human', quorum: 1 }],
  ] as const)('flips from %s to %s, which asks others', (recorded, tried, verdict, asks) => {
    expect(simulated({ recorded, tried })).toMatchObject([
      { kind: 'flipped', after: { verdict, asks } },
    ]);
  });

  it('asks as many of the same by another rule: no flip', () => {
    const [same] = simulated({ recorded: 'lifted', tried: 'permit' });
    expect(same).toEqual({ kind: 'same', otherRules: true });
  });

  it('is held for more by policy than by what holds it whatever policy says', () => {
    const twice = { recorded: 'hold', tried: 'hold for two', holds: ['risk'] } as const;
    expect(simulated(twice)).toMatchObject([{ kind: 'flipped', after: { asks: { quorum: 2 } } }]);
  });

  it('stays held by what holds it whatever policy says', () => {
    const [same] = simulated({ recorded: 'hold', tried: 'permit', holds: ['risk'] });
    expect(same).toEqual({ kind: 'same', otherRules: true });
  });

  it('is not decided where an earlier stage refused, and not read where nothing was recorded', () => {
    expect(
      simulated(
        { recorded: 'refused before', tried: 'deny' },
        { recorded: 'permit', tried: 'deny', asked: undefined as unknown as Json },
        { recorded: 'permit', tried: 'deny', asked: { action: 'act' } },
      ),
    ).toEqual([
      { kind: 'undecided', stage: 'budget' },
      { kind: 'unreadable' },
      { kind: 'unreadable' },
    ]);
  });

  it('is no flip where the recorded set does not say what was recorded', () => {
    expect(kinds({ recorded: 'permit', active: 'deny', tried: 'deny' })).toEqual(['unreproduced']);
    expect(kinds({ recorded: 'lifted', active: 'permit', tried: 'hold' })).toEqual([
      'unreproduced',
    ]);
  });

  it('stays refused where a human has refused it', () => {
    expect(kinds({ recorded: 'refused by a human', tried: 'permit' })).toEqual(['same']);
  });
});

describe('what follows a flip', () => {
  const later: Decided = { recorded: 'permit', tried: 'deny', action: 'later' };

  it.each([
    ['permit', 'deny'],
    ['permit', 'hold'],
    ['hold', 'deny'],
    ['deny', 'permit'],
    ['deny', 'hold'],
    ['staged after a hold', 'deny'],
    ['hold', 'hold for two'],
  ] as const)('from %s to %s is told apart, and never as fact', (recorded, tried) => {
    expect(kinds({ recorded, tried }, later, { ...later, recorded: 'refused before' })).toEqual([
      'flipped',
      'diverged',
      'diverged',
    ]);
  });

  it('is fact where a human let pass what would not have been held', () => {
    expect(
      kinds(
        { recorded: 'hold', tried: 'permit' },
        { recorded: 'hold', tried: 'permit' },
        { recorded: 'staged after a hold', tried: 'permit' },
        later,
      ),
    ).toEqual(['flipped', 'moot', 'moot', 'flipped']);
  });

  it.each([
    ['a human refused it', { recorded: 'refused by a human', tried: 'permit' }],
    ['something else came first', later],
  ] as const)('is not where %s', (_, next) => {
    expect(kinds({ recorded: 'hold', tried: 'permit' }, next, later)).toEqual([
      ...['flipped', 'diverged', 'diverged'],
    ]);
  });

  it('is fact where only the release of a held action would not have needed a human', () => {
    const released: Decided = { recorded: 'staged after a hold', tried: 'permit' };
    expect(kinds({ recorded: 'hold', tried: 'hold' }, released, later)).toEqual([
      ...['same', 'flipped', 'flipped'],
    ]);
  });
});
