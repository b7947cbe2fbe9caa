import {
  activateOn,
  anotherPolicy,
  askTwo,
  defineOn,
  forging,
  ledgerFixture,
  people,
  RunStory,
  someBundle,
  told,
  writeRun,
  type FixtureOptions,
} from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../encoding/index.ts';
import { castVote } from '../quorum/index.ts';
import { compromiseKey, retireKey } from '../writ/index.ts';
import type { Body, Draft } from '../ledger/index.ts';

/** What is told of a run that acts, is refused, is held and released, where somebody forges it so. */
function forged(edit: NonNullable<FixtureOptions['edit']>): readonly string[] {
  const fixture = ledgerFixture({ edit });
  writeRun(fixture);
  return told(fixture);
}

/** A condition that cannot be evaluated. */
const failing = {
  kind: 'when',
  body: { '.': { left: { Var: 'context' }, attr: 'missing' } },
} as const;

describe('what policy is said to have decided', () => {
  test('is what it decides, whatever holds it and whoever releases it', () => {
    const fixture = ledgerFixture();
    const story = new RunStory(fixture);
    story.start();
    story.act();
    story.actApproved();
    const action = story.hold('src/package.json', 2);
    const asked = story.ask(action, { m: 2 });
    story.grant(asked, [people.approver, people.deputy]);
    story.again(action);
    story.commit(action);
    story.finish();
    expect(told(fixture)).toEqual([]);
  });

  test.each<readonly [string, Body<'proposal.staged'>['rules']]>([
    ['none', []],
    ['another', [{ id: 'other', level: 'tenant', effect: 'permit' }]],
    ['one of another level', [{ id: 'allow', level: 'organisation', effect: 'permit' }]],
    ['one of another effect', [{ id: 'allow', level: 'tenant', effect: 'lift' }]],
    [
      'one more',
      [
        { id: 'allow', level: 'tenant', effect: 'permit' },
        { id: 'more', level: 'tenant', effect: 'permit' },
      ],
    ],
  ])('is by the rules that mattered, and not by %s', (_, rules) => {
    const wrong = forged(forging('proposal.staged', (body) => ({ ...body, rules })));
    expect(wrong).toEqual(['decision.misstated at proposal.staged']);
  });

  test.each([
    ['forbids', { effect: 'forbid' }, 'forbid'],
    ['fails on', { effect: 'permit', conditions: [failing] }, 'error'],
  ] as const)('is not made up for what policy %s', (_, change, effect) => {
    const never = { ...(someBundle().policies.staticPolicies['allow'] as JsonObject), ...change };
    const staticPolicies = {
      ...someBundle().policies.staticPolicies,
      never: { ...never, annotations: { id: 'never' } },
    };
    const policies = { staticPolicies, templates: {}, templateLinks: [] };
    const wrong = (...others: Body<'proposal.staged'>['rules']) => {
      const edit = forging('proposal.staged', (body) => ({
        ...body,
        rules: [...body.rules, ...others],
      }));
      const fixture = ledgerFixture({ edit });
      const policySet = activateOn(fixture, someBundle({ policies }));
      const story = new RunStory({ ...fixture, policySet });
      story.start();
      story.act();
      return told(fixture);
    };
    const misstated = ['decision.misstated at proposal.staged'];
    expect([wrong(), wrong({ id: 'never', level: 'tenant', effect })]).toEqual([
      misstated,
      misstated,
    ]);
  });

  test('is not let pass by a grant for fewer than policy has come to want', () => {
    const fixture = ledgerFixture();
    const story = new RunStory(fixture);
    story.start();
    const action = story.hold();
    story.grant(story.ask(action));
    story.hold('src/lib/package.json', 2);
    story.again(action);
    expect(told(fixture)).toEqual(['approval.missing at proposal.staged']);
  });

  test('is not let pass where it has to be held, though all else is as it must be', () => {
    const fixture = ledgerFixture({
      edit: forging('proposal.staged', (body) => ({
        ...body,
        rules: [...body.rules, { id: 'two', level: 'tenant', effect: 'hold' }],
      })),
    });
    const story = new RunStory({ ...fixture, policySet: askTwo(fixture) });
    story.start();
    story.act('src/package.json');
    expect(told(fixture)).toEqual(['approval.missing at proposal.staged']);
  });

  test('is not let pass where something besides policy holds it', () => {
    const fixture = ledgerFixture();
    const story = new RunStory(fixture);
    story.start();
    story.act('src/package.json');
    expect(told(fixture)).toEqual(['approval.missing at proposal.staged']);
  });

  test.each([
    ['for fewer', { quorum: 1 }],
    ['on another channel', { channel: 'desk' }],
    ['by another rule', { rule: 'other' }],
  ])('is not held %s', (_, change) => {
    const edit = forging('proposal.suspended', (body) => ({
      ...body,
      hold: { ...body.hold, ...change },
    }));
    const fixture = ledgerFixture({ edit });
    const story = new RunStory(fixture);
    story.start();
    story.hold('src/package.json', 2);
    expect(told(fixture)).toEqual(['decision.misstated at proposal.suspended']);
  });

  test('is not held where nothing holds it', () => {
    const fixture = ledgerFixture();
    const story = new RunStory(fixture);
    story.start();
    story.hold('src/sum.ts');
    expect(told(fixture)).toEqual(['decision.misstated at proposal.suspended']);
  });

  test('is not passed over', () => {
    const edit = forging('proposal.staged', (body) => ({
      ...body,
      trace: { ...body.trace, policy: 'unreached' },
    }));
    expect(forged(edit)).toEqual(['decision.misstated at proposal.staged']);
  });

  test.each([
    ['refused by policy', 'refuse', 'policy.denied'],
    ['refused before policy was asked', 'unreached', 'budget.exhausted'],
  ] as const)('is not %s, where policy lets it pass', (_, policy, code) => {
    const fixture = ledgerFixture({ edit: asRefused({ policy }, code) });
    const story = new RunStory(fixture);
    story.start();
    story.begin();
    expect(told(fixture)).toEqual(['decision.misstated at proposal.rejected']);
  });

  test('is asked of what was active there, and of no set that was put away meanwhile', () => {
    const fixture = ledgerFixture();
    const story = new RunStory(fixture);
    story.start();
    story.act();
    askTwo(fixture);
    const later = new RunStory({ ...fixture, policySet: anotherPolicy(fixture) }, 'r2');
    expect(told(fixture)).toEqual([]);
    later.start();
    later.act();
    expect(told(fixture)).toEqual(['writ.invalid at run.started']);
  });

  test('is not asked of policies that make no set', () => {
    const allow = someBundle().policies.staticPolicies['allow'] as JsonObject;
    const staticPolicies = { allow: { ...allow, annotations: { id: 'allow', strange: '' } } };
    const fixture = ledgerFixture();
    const policies = { staticPolicies, templates: {}, templateLinks: [] };
    const policySet = activateOn(fixture, someBundle({ policies }));
    const story = new RunStory({ ...fixture, policySet });
    story.start();
    story.act();
    expect(told(fixture)).toEqual(['policy.invalid at proposal.staged']);
  });

  test('is what is left of the policies once the key of one is found in other hands', () => {
    const fixture = ledgerFixture();
    const { ledger, recorder, policySet } = fixture;
    askTwo(fixture);
    const envelope = compromiseKey({
      ...{ ledger, key: people.legislator.id, earlier: 1, fromSize: recorder.entries.length - 1 },
      ...{ reason: 'lost', roots: [people.root] },
    });
    const said: Draft = { stream: 'ledger', kind: 'key.compromised', body: { envelope } };
    recorder.writeBy(people.root.id, said);
    const story = new RunStory({ ...fixture, policySet });
    story.start();
    story.actApproved();
    expect(told(fixture)).toEqual(['key.compromised at policy.activated']);
  });

  const codes = ['approval.denied', 'approval.expired', 'approval.unreachable'] as const;

  test.each<readonly [string, (typeof codes)[number], (story: RunStory, on: Fixture) => void]>([
    [
      'a human has denied',
      'approval.denied',
      (story, on) => {
        const action = story.hold();
        deny(on, story.ask(action));
        story.again(action);
      },
    ],
    [
      'nobody may use any more',
      'approval.expired',
      (story) => {
        const action = story.hold();
        story.grant(story.ask(action));
        story.again(action, { nowMs: 9_000 });
      },
    ],
  ])('is refused with the code of the answer where it is one that %s', (_, right, tell) => {
    const found = codes.map((code) => {
      const on = ledgerFixture({ edit: asRefused({ holds: 'refuse', emit: 'unreached' }, code) });
      const story = new RunStory(on);
      story.start();
      tell(story, on);
      return told(on).includes('decision.misstated at proposal.rejected');
    });
    expect(found).toEqual(codes.map((code) => code !== right));
  });

  test.each(codes)(
    'is not refused with %s for what was granted and used, unless too few may answer',
    (code) => {
      const found = [true, false].map((isAskable) => {
        const refused = asRefused({ holds: 'refuse', emit: 'unreached' }, code);
        let staged = 0;
        const on = ledgerFixture({
          edit: (drafts) => {
            staged += drafts.filter(({ kind }) => kind === 'proposal.staged').length;
            return staged > 1 ? refused(drafts) : [...drafts];
          },
        });
        const story = new RunStory(on);
        story.start();
        const action = story.hold();
        story.grant(story.ask(action));
        story.again(action);
        story.doubt(action);
        story.reconcile(action, false);
        if (!isAskable) for (const { id } of [people.approver, people.deputy]) retireOn(on, id);
        story.again(action, { nowMs: 9_000 });
        return told(on).includes('decision.misstated at proposal.rejected');
      });
      expect(found).toEqual([true, code !== 'approval.unreachable']);
    },
  );

  test.each(codes)('is not refused with %s where nobody was to be asked', (code) => {
    const on = ledgerFixture({ edit: asRefused({ holds: 'refuse', emit: 'unreached' }, code) });
    const story = new RunStory(on);
    story.start();
    story.begin();
    expect(told(on)).toEqual(['decision.misstated at proposal.rejected']);
  });

  test.each([
    [1, []],
    [2, ['decision.misstated at proposal.rejected']],
  ])('is refused for that %i may answer where two have to, or is not', (many, wrong) => {
    const refused = asRefused({ holds: 'refuse', emit: 'unreached' }, 'approval.unreachable');
    const marked = forging('proposal.staged', (body) => ({
      ...body,
      rules: [...body.rules, { id: 'two', level: 'tenant', effect: 'hold' }],
    }));
    const on = ledgerFixture({ edit: (drafts) => refused(marked(drafts)) });
    const approvers = [people.approver.id, people.deputy.id].slice(0, many);
    defineOn(on, { name: 'human', approvers });
    const story = new RunStory({ ...on, policySet: askTwo(on) });
    story.start();
    story.begin('src/package.json');
    expect(told(on)).toEqual(wrong);
  });

  test('is held for the reason that is recorded', () => {
    const edit = forging('proposal.suspended', (body) => ({
      ...body,
      hold: { ...body.hold, reason: 'a file of no importance' },
    }));
    expect(forged(edit)).toContain('decision.misstated at proposal.suspended');
  });
});

type Fixture = ReturnType<typeof ledgerFixture>;

/** A human answers a request with no. */
function deny({ recorder }: Fixture, { stream, ...asked }: ReturnType<RunStory['ask']>): void {
  const { action, request } = asked;
  const { approver } = people;
  const envelope = castVote({ ...asked, vote: 'deny', reason: 'no' }, approver);
  const outcome = { action, request, outcome: 'denied', voters: [approver.id], reason: 'no' };
  const voted: Draft = { stream, kind: 'approval.voted', body: { envelope }, cause: request };
  const resolved = { stream, kind: 'approval.resolved', body: outcome, cause: 0 } as Draft;
  recorder.writeBy(approver.id, voted, resolved);
}

/** A root has a key sign nothing new. */
function retireOn({ ledger, recorder }: Fixture, key: string): void {
  const said = { ledger, key, earlier: 1, reason: 'left', roots: [people.root] };
  const body = { envelope: retireKey(said) };
  recorder.writeBy(people.root.id, { stream: 'ledger', kind: 'key.retired', body });
}

/** The first action that is staged is said to have been refused. */
function asRefused(
  stages: Partial<Body<'proposal.rejected'>['trace']>,
  code: string,
): NonNullable<FixtureOptions['edit']> {
  return (drafts) =>
    drafts.flatMap((draft): Draft[] => {
      if (draft.kind === 'execution.started') return [];
      if (draft.kind !== 'proposal.staged') return [draft];
      const { action, trace, rules, question, nowMs } = draft.body;
      const refusal = { code, message: 'no', remedy: 'none', retryable: false, details: {} };
      return [
        {
          ...draft,
          kind: 'proposal.rejected',
          body: {
            ...{ callId: 'c1', intent: action.intent, nowMs, rules, refusal },
            trace: { ...trace, ...stages },
            ...(question === undefined ? {} : { question }),
          },
        },
      ];
    });
}
