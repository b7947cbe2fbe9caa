import { ledgerFixture, RunStory, someDigest, writeRun, people } from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import { addAmounts, zeroAmounts } from '../account/index.ts';
import type { Draft, SealedEntry } from '../ledger/index.ts';
import { assert, Fault } from '../refusal/index.ts';
import { workspaceKey } from '../world/index.ts';
import { evolve, openTrajectory, type Trajectory } from './trajectory.ts';

const once = { ...zeroAmounts, calls: 1, wallMs: 1_000 };
const action = someDigest('an action');

function entriesOf(run: string, entries: readonly SealedEntry[]): readonly SealedEntry[] {
  return entries.filter(({ entry }) => entry.stream === `run:${run}`);
}

function folded(entries: readonly SealedEntry[]): Trajectory {
  const trajectory = openTrajectory('run:r1');
  for (const sealed of entries) trajectory.advance(sealed);
  return trajectory;
}

/** A started run, with these entries after it. */
function after(...bodies: readonly Pick<Draft, 'kind' | 'body'>[]): Trajectory {
  const fixture = ledgerFixture();
  new RunStory(fixture).start();
  for (const body of bodies) fixture.recorder.write({ stream: 'run:r1', ...body } as Draft);
  return folded(entriesOf('r1', fixture.recorder.entries));
}

function execution(attempt = 0): Pick<Draft, 'kind' | 'body'> {
  const body = { action, attempt, reserved: once, treeBefore: null, unsandboxed: false };
  return { kind: 'execution.started', body };
}

const failure = { class: 'terminal', code: 'timeout', message: '' } as const;

describe('a trajectory', () => {
  test('holds what a whole run came to', () => {
    const fixture = ledgerFixture();
    writeRun(fixture);
    const entries = entriesOf('r1', fixture.recorder.entries);
    const trajectory = folded(entries);
    const last = entries.at(-1);
    assert(last?.entry.kind === 'run.finished', 'a run ends');
    const commits = entries.flatMap(({ entry }) => (entry.kind === 'commit' ? [entry] : []));
    expect({
      head: trajectory.head,
      finished: trajectory.finished,
      commits: [...trajectory.commits],
      phases: [...trajectory.executions.values()].map(({ phase }) => phase),
      reserved: [...trajectory.reserved],
      open: [...trajectory.open],
      nonces: [...trajectory.nonces.keys()],
      facts: trajectory.facts,
    }).toEqual({
      head: { seq: last.entry.seq, digest: last.digest },
      finished: last.entry.body,
      commits: commits.map(({ body, seq }) => [body.action, seq]),
      phases: ['committed', 'committed'],
      reserved: [],
      open: [],
      nonces: ['n1', 'n2', 'n3'],
      facts: { labels: [], egressAfterUntrusted: 0, commits: 2, refusals: 1, depth: 0 },
    });
    expect(trajectory.spent).toEqual({
      ...zeroAmounts,
      tokens: 20,
      costMicrousd: 4,
      calls: 2,
      wallMs: 6,
    });
  });

  test('keeps what was proposed until the action has ended, and nothing of it then', () => {
    const fixture = ledgerFixture();
    writeRun(fixture);
    const entries = entriesOf('r1', fixture.recorder.entries);
    const end = entries.findLastIndex(({ entry }) => entry.kind === 'commit');
    const commit = entries[end];
    assert(commit?.entry.kind === 'commit', 'the held action is committed');
    const held = commit.entry.body.action;
    const trajectory = folded(entries.slice(0, end));
    const kept = () => [trajectory.staged, trajectory.suspended].map((by) => [...by.keys()]);
    expect(kept()).toEqual([[held], [held]]);
    const intent = trajectory.staged.get(held)?.action.intent ?? '';
    expect(trajectory.intents.has(intent)).toBe(true);
    trajectory.advance(commit);
    expect(kept()).toEqual([[], []]);
    expect(trajectory.intents.has(intent)).toBe(false);
  });

  test('begins its world with the tree that the run starts from', () => {
    const cell = { version: 1, value: someDigest('tree 0') };
    expect(after().world).toEqual({ clock: 1, cells: new Map([[workspaceKey, cell]]) });
  });

  test('keeps the intent that used a nonce first', () => {
    const intent = (rationale: string): Pick<Draft, 'kind' | 'body'> => ({
      kind: 'intent.proposed',
      body: {
        ...{ origin: 'model', turn: 0, callId: 'c', nonce: 'n' },
        ...{ digest: someDigest(rationale), intent: { inline: { nonce: 'n', rationale } } },
      },
    });
    const trajectory = after(intent('first'), intent('second'));
    const [first] = trajectory.intents.keys();
    expect([...trajectory.nonces]).toEqual([['n', first]]);
  });

  test('reserves for an execution, and gives back what it did not cost', () => {
    const failed: Pick<Draft, 'kind' | 'body'> = {
      kind: 'execution.failed',
      body: { action, failure, redactions: 0, delta: [], cost: { ...once, wallMs: 7 } },
    };
    const started = after(execution());
    const ended = after(execution(), failed);
    expect([[...started.reserved], started.spent]).toEqual([[[action, once]], zeroAmounts]);
    expect([[...ended.reserved], ended.spent]).toEqual([[], { ...once, wallMs: 7 }]);
    expect(ended.executions.get(action)?.phase).toBe('failed');
  });

  test('changes the world by what a failed execution left behind', () => {
    const trajectory = after(execution(), {
      kind: 'execution.failed',
      body: {
        action,
        failure,
        redactions: 0,
        delta: [{ op: 'put', key: workspaceKey, value: 'half done', expect: 1 }],
        cost: zeroAmounts,
      },
    });
    expect(trajectory.world.cells.get(workspaceKey)).toEqual({ version: 2, value: 'half done' });
  });

  test('lets an attempt whose end nobody recorded pay all that it reserved', () => {
    const trajectory = after(execution(0), execution(1));
    expect([trajectory.spent, [...trajectory.reserved]]).toEqual([once, [[action, once]]]);
  });

  test('keeps the reservation of what is in doubt, until it is found not to have happened', () => {
    const doubt: Pick<Draft, 'kind' | 'body'> = {
      kind: 'execution.in-doubt',
      body: { action, reason: 'the machine went down' },
    };
    const reconciled = (happened: boolean): Pick<Draft, 'kind' | 'body'> => ({
      kind: 'execution.reconciled',
      body: { action, happened, evidence: 'looked', word: null },
    });
    const phaseOf = (trajectory: Trajectory) => ({
      phase: trajectory.executions.get(action)?.phase,
      doubt: trajectory.inDoubt.has(action),
      open: trajectory.open.has(action),
      reserved: trajectory.reserved.has(action),
    });
    expect([
      phaseOf(after(execution(), doubt)),
      phaseOf(after(execution(), doubt, reconciled(true))),
      phaseOf(after(execution(), doubt, reconciled(false))),
    ]).toEqual([
      { phase: 'in-doubt', doubt: true, open: true, reserved: true },
      { phase: 'happened', doubt: false, open: true, reserved: true },
      { phase: 'released', doubt: false, open: false, reserved: false },
    ]);
  });

  test('reserves for a model call, and settles it when it answers or is interrupted', () => {
    const call = { turn: 1, attempt: 2 };
    const requested: Pick<Draft, 'kind' | 'body'> = {
      kind: 'model.requested',
      body: {
        ...call,
        model: 'm',
        request: action,
        messages: 1,
        reserved: { tokens: 9, costMicrousd: 5 },
      },
    };
    const interrupted: Pick<Draft, 'kind' | 'body'> = {
      kind: 'model.interrupted',
      body: { ...call, failure, retryInMs: null, cost: { tokens: 3, costMicrousd: 1 } },
    };
    const amounts = { ...zeroAmounts, tokens: 9, costMicrousd: 5 };
    expect([...after(requested).reserved]).toEqual([['model:1:2', amounts]]);
    const settled = after(requested, interrupted);
    expect([[...settled.reserved], settled.spent]).toEqual([
      [],
      addAmounts(zeroAmounts, { ...zeroAmounts, tokens: 3, costMicrousd: 1 }),
    ]);
  });

  test('gives the depth that it was opened with as a fact', () => {
    expect(openTrajectory('run:r1', 2).facts.depth).toBe(2);
  });

  test('throws for an entry that is not the next', () => {
    const fixture = ledgerFixture();
    writeRun(fixture);
    const [first, second] = entriesOf('r1', fixture.recorder.entries);
    assert(first !== undefined && second !== undefined, 'a run has entries');
    expect(() => evolve(openTrajectory('run:r1'), second)).toThrow(Fault);
    expect(() => evolve(openTrajectory('run:r2'), first)).toThrow(Fault);
    expect(evolve(openTrajectory('run:r1'), first).started).toEqual(first.entry.body);
  });

  test('throws for a delta that does not apply', () => {
    const delta = [{ op: 'put', key: workspaceKey, value: '', expect: 9 }] as const;
    const body = { action, failure, redactions: 0, delta, cost: zeroAmounts };
    expect(() => after(execution(), { kind: 'execution.failed', body })).toThrow(
      new Fault('put of "workspace" expects version 9 and finds 1'),
    );
  });

  test('is not changed by an entry that says nothing of it', () => {
    const turn = after({ kind: 'turn.finished', body: { turn: 1, calls: 0 } });
    expect({ spent: turn.spent, actor: turn.started?.actor, seq: turn.head?.seq }).toEqual({
      spent: zeroAmounts,
      actor: people.agent.id,
      seq: 1,
    });
  });
});
