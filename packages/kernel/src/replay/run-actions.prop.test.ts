import { people, someDigest } from '@chancery/testkit/builders';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { zeroAmounts } from '../account/index.ts';
import type { Digest } from '../encoding/index.ts';
import type { Body, Entry, Kind, SealedEntry } from '../ledger/index.ts';
import type { ProposedIntent } from './proposed-intent.ts';
import { RunActions } from './run-actions.ts';
import { openTrajectory } from './trajectory.ts';

const stream = 'run:r1';
const actions = [1, 2, 3].map((n) => someDigest(`action ${n}`));
const sets = ['old', 'new'].map(someDigest);

const action = fc.constantFrom(...actions);
const intent = fc.nat({ max: 1 }).map((n) => someDigest(`intent ${n}`));
const set = fc.constantFrom(...sets);

type Told<K extends Kind = Kind> = K extends Kind
  ? { readonly kind: K; readonly body: unknown }
  : never;

const none = { reserved: zeroAmounts, treeBefore: null, unsandboxed: false } as const;

/** Every kind that tells of an action, in no order that a run would have. */
const told: fc.Arbitrary<Told> = fc.oneof(
  fc.record({
    kind: fc.constant('proposal.staged' as const),
    body: fc.record({
      action: fc.record({ intent, contract: set }),
      actionDigest: action,
      policySetDigest: set,
      effects: fc.constant(['write']),
    }),
  }),
  fc.record({
    kind: fc.constant('proposal.suspended' as const),
    body: fc.record({
      action: fc.record({ capability: fc.constant('fs.write') }),
      actionDigest: action,
      hold: fc.record({
        channel: fc.constantFrom('human', '1 human'),
        quorum: fc.integer({ min: 1, max: 3 }),
      }),
    }),
  }),
  fc.record({
    kind: fc.constant('execution.started' as const),
    body: fc.record({ action, attempt: fc.nat({ max: 3 }), ...mapped(none) }),
  }),
  ...(['commit', 'execution.failed', 'execution.in-doubt'] as const).map((kind) =>
    fc.record({
      kind: fc.constant(kind),
      body: fc.record({ action, ...mapped({ delta: [], cost: zeroAmounts }) }),
    }),
  ),
  fc.record({
    kind: fc.constant('execution.reconciled' as const),
    body: fc.record({ action, happened: fc.boolean() }),
  }),
);

function mapped(values: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, fc.constant(value)]),
  );
}

function sealed({ kind, body }: Told, seq: number): SealedEntry {
  const entry = { stream, seq, kind, body, at: 1, by: people.agent.id } as unknown as Entry;
  return { entry, text: '', digest: someDigest(`entry ${seq}`) };
}

const asked: readonly ProposedIntent[] = [
  { origin: 'model', kind: 'act', capability: 'fs.write', command: null },
  { origin: 'model', kind: 'act', capability: null, command: null },
  { origin: 'model', kind: 'act', capability: undefined, command: undefined },
  { origin: 'gate', kind: 'act', capability: 'shell.run', command: 'npm test' },
  { origin: 'gate', kind: 'act', capability: 'shell.run', command: null },
  { origin: 'gate', kind: 'act', capability: 'shell.run', command: undefined },
];
const intents = new Map(asked.map((intent, n) => [someDigest(`intent ${n}`), intent]));

/** What was proposed last of an action: a trajectory drops it at the end of the action. */
function lastOf<K extends 'proposal.staged' | 'proposal.suspended'>(
  entries: readonly Told[],
  kind: K,
  action: Digest,
): Body<K> | undefined {
  const bodies = entries.flatMap((each) => (each.kind === kind ? [each.body as Body<K>] : []));
  return bodies.findLast(({ actionDigest }) => actionDigest === action);
}

test('the actions of a run say of each what was proposed, and what its trajectory says, after every entry', () => {
  fc.assert(
    fc.property(fc.array(told, { maxLength: 40 }), (entries) => {
      const trajectory = openTrajectory(stream);
      const run = new RunActions();
      for (const [digest, intent] of intents) run.propose(digest, intent);
      for (const [seq, each] of entries.entries()) {
        trajectory.advance(sealed(each, seq));
        run.advance(sealed(each, seq));
        const past = entries.slice(0, seq + 1);
        for (const name of actions) {
          const execution = trajectory.executions.get(name);
          const staged = lastOf(past, 'proposal.staged', name);
          expect(run.of(name)).toMatchObject({
            contract: staged?.action.contract,
            policySet: staged?.policySetDigest,
            hold: lastOf(past, 'proposal.suspended', name)?.hold,
            phase: execution?.phase,
            attempt: execution?.started.attempt ?? 0,
            isOpen: trajectory.open.has(name),
            inDoubt: trajectory.inDoubt.has(name),
          });
          expect(run.askedBy(name)).toEqual(intents.get(staged?.action.intent ?? ''));
        }
      }
    }),
    cases(1_000),
  );
});

test('an intent that was proposed is told from one that was not, and from every other', () => {
  const run = new RunActions();
  for (const [digest, intent] of intents) run.propose(digest, intent);
  for (const [digest, intent] of intents) expect(run.intent(digest)).toEqual(intent);
  expect(run.intent(someDigest('none'))).toBeUndefined();
});
