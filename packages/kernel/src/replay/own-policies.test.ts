import { describe, expect, test } from 'vitest';
import {
  anotherWrit,
  FollowingStory,
  forging,
  ledgerFixture,
  people,
  someBundle,
  someDigest,
  told,
  type FixtureOptions,
} from '@chancery/testkit/builders';
import type { Digest, JsonObject } from '../encoding/index.ts';
import { contractsWithoutOlderPolicies, type Body } from '../ledger/index.ts';
import { bundleDigest, type Bundle } from '../policy/index.ts';

type Started = Body<'run.started'>;

function bundle(rules: Readonly<Record<string, JsonObject>>, change: Partial<Bundle> = {}): Bundle {
  const staticPolicies = Object.fromEntries(
    Object.entries(rules).map(([id, rule]) => [id, { ...rule, annotations: { id } }]),
  );
  const policies = { staticPolicies, templates: {}, templateLinks: [] };
  return someBundle({ name: 'mine', level: 'run', policies, ...change });
}

const every = { principal: { op: 'All' }, action: { op: 'All' }, resource: { op: 'All' } };
const permit = { effect: 'permit', ...every, conditions: [] };
const mine = bundle({ mine: permit });

/** What is told of a run with a policy of its own that acts and ends, where somebody forges it so. */
function narrowed(
  own: Bundle = mine,
  options: FixtureOptions = {},
  { by = people.agent, started = {} } = {},
): readonly string[] {
  const fixture = ledgerFixture(options);
  const story = new FollowingStory(fixture);
  story.start({ ...story.narrowed(own, by), ...started });
  story.think();
  story.act();
  story.hold('src/package.json');
  story.finish();
  return told(fixture);
}

describe('a run with a policy of its own', () => {
  test('is decided by that as well', () => {
    expect(narrowed()).toEqual([]);
  });

  test.each<readonly [string, JsonObject]>([
    ['forbids it', { ...permit, effect: 'forbid' }],
    ['permits something else', { ...permit, resource: { op: 'is', entity_type: 'Agent' } }],
    ['fails', { ...permit, conditions: [{ kind: 'when', body: missing() }] }],
  ])('is found out to have acted where that %s', (_, rule) => {
    expect(narrowed(bundle({ mine: permit, other: rule }))).toContain(
      'decision.misstated at proposal.staged',
    );
    expect(narrowed(bundle({ mine: rule }))).toContain('decision.misstated at proposal.staged');
  });

  test('is found out to have acted as if there were none', () => {
    const without = forging('proposal.staged', (body) => ({
      ...body,
      rules: body.rules.filter(({ level }) => level !== 'run'),
    }));
    expect(narrowed(mine, { edit: without })).toEqual(['decision.misstated at proposal.staged']);
    const dropped = forging('run.started', ({ policies: _policies, ...body }) => body);
    expect(narrowed(mine, { edit: dropped })).toEqual([
      'policy.mismatch at run.started',
      'policy.mismatch at proposal.staged',
      'decision.misstated at proposal.staged',
      'decision.misstated at proposal.suspended',
    ]);
    const active = ledgerFixture().policySet;
    const named = forging('proposal.staged', (body) => ({ ...body, policySetDigest: active }));
    expect(narrowed(mine, { edit: named })).toContain('policy.mismatch at proposal.staged');
  });

  test('has it signed by the key that it acts as, in the form of its digest', () => {
    expect(narrowed(mine, {}, { by: people.legislator })).toEqual([
      'policy.invalid at run.started',
    ]);
    const other = forging('run.started', (body) => ({
      ...body,
      policies: body.policies?.map((each) => ({ ...each, bundle: someDigest('other') })),
    }));
    expect(narrowed(mine, { edit: other })).toContain('policy.invalid at run.started');
    const none = forging('run.started', (body) => ({
      ...body,
      policies: body.policies?.map((each) => ({ ...each, envelope: { inline: 7 } })),
    }));
    expect(narrowed(mine, { edit: none })).toEqual(['policy.invalid at run.started']);
    const tenant = bundle({ mine: permit }, { level: 'tenant' });
    expect(narrowed(tenant)).toEqual(['policy.invalid at run.started']);
  });

  test('is decided again where its policy stands in a blob that is at hand', () => {
    const outcomes = [true, false].map((isGiven) => {
      const outside = new Map<Digest, Uint8Array>();
      const fixture = ledgerFixture();
      const story = new FollowingStory(fixture, 'r1', fixture.writ, outside);
      const forbidden = bundle({ mine: { ...permit, effect: 'forbid' } });
      const own = story.narrowed(forbidden);
      story.start(own);
      story.act();
      const [recorded] = own.policies ?? [];
      const blob = recorded && 'blob' in recorded.envelope ? recorded.envelope.blob.digest : '';
      return told(fixture, (digest) =>
        digest === blob && !isGiven ? undefined : outside.get(digest),
      );
    });
    expect(outcomes).toEqual([
      ['decision.misstated at proposal.staged'],
      ['content.unread at run.started'],
    ]);
  });
});

describe('a run that goes on from one with a policy of its own', () => {
  const branching = (own: readonly Bundle[], rollback: Partial<Started> = {}) => {
    const fixture = ledgerFixture();
    const source = new FollowingStory(fixture);
    source.start(source.narrowed(mine));
    source.act();
    source.finish();
    const branch = new FollowingStory(fixture, 'r2', anotherWrit(fixture));
    const [first] = own;
    const narrowing = first === undefined ? {} : branch.narrowed(first);
    branch.branch(source.stream, 2, { started: { ...narrowing, ...rollback } });
    return told(fixture);
  };

  test('has it as well, but for one that undoes it', () => {
    expect(branching([mine])).toEqual([]);
    expect(branching([])).toEqual(['branch.misstated at run.branched']);
    expect(branching([bundle({ other: permit })])).toEqual(['branch.misstated at run.branched']);
    expect(branching([], { rollback: { to: 0 } })).not.toContain(
      'branch.misstated at run.branched',
    );
    expect(bundleDigest(mine)).not.toBe(bundleDigest(bundle({ other: permit })));
  });
});

describe('a run that goes on from one that undid another', () => {
  const branching = (own: readonly Bundle[], contractDigest?: Digest): readonly string[] => {
    const fixture = ledgerFixture();
    const source = new FollowingStory(fixture);
    source.start(source.narrowed(mine));
    source.act();
    source.finish();
    const undoing = new FollowingStory(fixture, 'r2', anotherWrit(fixture));
    const agent = { kind: 'rollback', model: 'none', why: 'a test' } as const;
    const rollback = { to: 0, undoing: someDigest('plan') };
    undoing.branch(source.stream, 2, { started: { agent, rollback } });
    undoing.finish({ outcome: 'failed' });
    const branch = new FollowingStory(fixture, 'r3', anotherWrit(fixture));
    const [first] = own;
    const narrowing = first === undefined ? {} : branch.narrowed(first);
    const under = contractDigest === undefined ? {} : { contractDigest };
    branch.branch(undoing.stream, 1, { started: { ...narrowing, ...under } });
    return told(fixture);
  };

  test('has the policies of that other, unless it was begun under a contract of before', () => {
    expect(branching([mine])).toEqual([]);
    expect(branching([])).toEqual(['branch.misstated at run.branched']);
    expect(branching([], contractsWithoutOlderPolicies.at(-1))).toEqual([
      'contract.drift at run.started',
    ]);
  });
});

function missing(): JsonObject {
  return { '.': { left: { Var: 'context' }, attr: 'missing' } };
}
