import { describe, expect, it } from 'vitest';
import { catalogue, type Kind, type SealedEntry } from '@chancery/kernel/ledger';
import { Fault } from '@chancery/kernel/refusal';
import { evolveLoop } from './loop-evolve.ts';
import { initialLoop, loopTransitions, type Loop, type LoopPhase } from './loop-model.ts';
import { maxGateRounds, nextStep } from './loop-next.ts';

const action = 'a'.repeat(64);
const work = { on: 'calls', next: 0 } as const;
const call = { id: 'c', name: 'fs.read', args: {} };

const phases: Readonly<Record<LoopPhase['name'], LoopPhase>> = {
  unstarted: { name: 'unstarted' },
  idle: { name: 'idle' },
  turning: { name: 'turning' },
  asking: {
    name: 'asking',
    attempt: 1,
    reserved: { tokens: 1, costMicrousd: 1 },
    sinceMs: 0,
  },
  waiting: { name: 'waiting', attempt: 1, untilMs: 500 },
  'model-failed': { name: 'model-failed', reason: 'unauthorised: no' },
  working: { name: 'working', work },
  listening: { name: 'listening', next: 0 },
  proposed: { name: 'proposed', work, callId: 'c' },
  staged: { name: 'staged', work, action },
  held: { name: 'held', work, action },
  executing: { name: 'executing', work, action },
  'in-doubt': { name: 'in-doubt', work, action, reason: 'nobody knows' },
  answered: { name: 'answered' },
  concluded: { name: 'concluded', left: 0 },
  finished: { name: 'finished', outcome: 'succeeded' },
};

const started = {
  agent: { kind: 'native', model: 'none', why: 'a test' },
  gates: ['npm test'],
  limits: { turns: 3, wallMs: 1_000, retries: 1, outputTokens: 1, approvalMs: 1 },
} as unknown as NonNullable<Loop['started']>;

const loopIn = (phase: LoopPhase, change: Partial<Loop> = {}): Loop => ({
  ...initialLoop,
  phase,
  started,
  turn: 1,
  answer: { text: '', calls: [call], routings: [], results: [] },
  ...change,
});

const entryOf = (kind: Kind): SealedEntry =>
  ({ entry: { kind, stream: 'run:x', seq: 1 } }) as unknown as SealedEntry;

function entryWith(kind: Kind, body: object): SealedEntry {
  return { entry: { kind, stream: 'run:x', seq: 1, at: 0, body } } as unknown as SealedEntry;
}

/** Told beside what the loop does. */
const notice = 'budget.threshold-crossed';

describe('the fold of the native loop', () => {
  const illegal = Object.values(phases).flatMap((phase) =>
    (Object.keys(catalogue) as Kind[])
      .filter((kind) => !(loopTransitions[phase.name] as readonly Kind[]).includes(kind))
      .filter((kind) => kind !== notice)
      .map((kind) => [kind, phase] as const),
  );

  it.each(Object.values(phases))('goes on as before after a threshold, in phase $name', (phase) => {
    const loop = loopIn(phase);
    expect(evolveLoop(loop, entryOf(notice), () => null)).toBe(loop);
  });

  it.each(illegal)('faults on %s in phase $name', (kind, phase) => {
    expect(() => evolveLoop(loopIn(phase), entryOf(kind), () => null)).toThrow(Fault);
  });
});

it('faults on a plan whose step has no arguments', () => {
  const step = { commits: [1], capability: 'fs.restore', args: { inline: null } };
  const plan = entryWith('compensation.planned', { steps: [step], lasting: [] });
  expect(() => evolveLoop(loopIn(phases.idle), plan, () => null)).toThrow(Fault);
});

describe('a run that an agent outside drives', () => {
  const served = { ...started, agent: { kind: 'mcp', model: 'it', why: 'a test' } } as const;
  const contents = (content: object) => ('inline' in content ? (content.inline as null) : null);
  const after = (loop: Loop, ...entries: readonly SealedEntry[]): Loop =>
    entries.reduce((at, entry) => evolveLoop(at, entry, contents), loop);
  const intent = entryWith('intent.proposed', {
    ...{ callId: 'mcp-1.0', origin: 'mcp' },
    intent: { inline: { capability: 'fs.read', args: { path: 'a' } } },
  });
  const rejected = entryWith('proposal.rejected', {
    intent: action,
    refusal: { code: 'args.escapes', message: 'no', remedy: 'yes', retryable: false, details: {} },
  });
  const begun = after(
    loopIn(phases.idle, { started: served, answer: undefined }),
    entryWith('turn.started', { turn: 1 }),
  );

  it('listens where a model would be asked, and again after each call', () => {
    expect(nextStep(begun, 0)).toEqual({ do: 'listen' });
    const called = after(begun, intent, rejected);
    expect(called.phase).toEqual({ name: 'listening', next: 1 });
    expect(called.answer?.calls).toEqual([{ id: 'mcp-1.0', name: 'fs.read', args: { path: 'a' } }]);
    expect(called.answer?.results).toMatchObject([{ callId: 'mcp-1.0', failed: true }]);
    expect(nextStep(called, 0)).toEqual({ do: 'listen' });
  });

  it('goes to the gates when the work counts as done, whatever was called', () => {
    const ended = after(begun, intent, rejected, entryWith('turn.finished', { turn: 1, calls: 1 }));
    expect(ended.phase).toEqual({ name: 'answered' });
    expect(nextStep(ended, 0)).toEqual({ do: 'gate', command: 'npm test', index: 0 });
  });

  it('keeps of earlier turns nothing that grows with what was called', () => {
    const ended = after(begun, intent, rejected, entryWith('turn.finished', { turn: 1, calls: 1 }));
    expect(after(ended, entryWith('turn.started', { turn: 2 })).turns).toEqual([]);
  });

  it('ends when its time is used up', () => {
    expect(nextStep({ ...begun, workedMs: 1_001 }, 0)).toMatchObject({
      do: 'finish',
      outcome: 'exhausted',
    });
  });
});

describe('what the budget refused', () => {
  const calls = ['shell.run', 'shell.run', 'fs.read'].map((name) => ({ ...call, name }));
  const answer = { text: '', calls, routings: [], results: [] };
  const refused = entryWith('proposal.rejected', {
    intent: action,
    refusal: { code: 'budget.exhausted', message: '', remedy: '' },
  });
  const committed = entryWith('commit', {
    action,
    observation: { inline: { exitCode: 0 } },
    cost: { wallMs: 0 },
  });
  const unaffordableAfter = (on: 'calls' | 'gates', next: number, ...entries: SealedEntry[]) => {
    let loop = loopIn(phases.working, { answer });
    for (const [index, sealed] of entries.entries()) {
      const doing = { on, next: next + index };
      const rejected = sealed.entry.kind === 'proposal.rejected';
      const phase: LoopPhase = rejected
        ? { name: 'proposed', work: doing, callId: 'c' }
        : { name: 'executing', work: doing, action };
      loop = evolveLoop({ ...loop, phase }, sealed, (content) =>
        'inline' in content ? content.inline : null,
      );
    }
    return [...loop.unaffordable];
  };

  it('is remembered until a call of the same name is carried out', () => {
    expect(unaffordableAfter('calls', 0, refused)).toEqual(['shell.run']);
    expect(unaffordableAfter('calls', 0, refused, committed)).toEqual([]);
    expect(unaffordableAfter('calls', 1, refused, committed)).toEqual(['shell.run']);
    expect(unaffordableAfter('gates', 0, refused)).toEqual(['gate']);
  });
});

describe('the next step', () => {
  it.each([
    ['unstarted', {}, { do: 'nothing' }],
    ['idle', {}, { do: 'begin-turn', turn: 2 }],
    ['turning', {}, { do: 'ask', attempt: 0 }],
    ['asking', {}, { do: 'write-off', attempt: 1 }],
    ['waiting', {}, { do: 'wait', untilMs: 500 }],
    ['model-failed', {}, { do: 'finish', outcome: 'failed' }],
    ['working', {}, { do: 'call', call, index: 0 }],
    ['working', { answer: { text: '', calls: [], routings: [], results: [] } }, { do: 'end-turn' }],
    ['held', {}, { do: 'release', action }],
    ['executing', {}, { do: 'recover', action }],
    ['in-doubt', {}, { do: 'pause', action, reason: 'nobody knows' }],
    ['answered', {}, { do: 'gate', command: 'npm test', index: 0 }],
    ['finished', {}, { do: 'nothing' }],
  ] as const)('in phase %s with %o is %o', (name, change, step) => {
    expect(nextStep(loopIn(phases[name], change), 100)).toMatchObject(step);
  });

  it('asks again when the time to wait is over', () => {
    expect(nextStep(loopIn(phases.waiting), 500)).toEqual({ do: 'ask', attempt: 2 });
  });

  it('ends at the limit of turns', () => {
    expect(nextStep(loopIn(phases.idle, { turn: 3 }), 100)).toMatchObject({ outcome: 'exhausted' });
  });

  it('ends at the limit of time', () => {
    const loop = loopIn(phases.idle, { workedMs: 1_001 });
    expect(nextStep(loop, 100)).toMatchObject({ outcome: 'exhausted' });
  });

  it('does not count the time in which nothing was done', () => {
    expect(nextStep(loopIn(phases.idle), 1_000_000)).toMatchObject({ do: 'begin-turn' });
  });

  const gate = { command: 'npm test', action, exitCode: 1, passed: false };

  it('gives the model another turn when a gate fails', () => {
    const loop = loopIn(phases.answered, { round: 1, gates: [gate] });
    expect(nextStep(loop, 100)).toEqual({ do: 'begin-turn', turn: 2 });
  });

  it('fails when gates have failed in every round', () => {
    const loop = loopIn(phases.answered, { round: maxGateRounds, gates: [gate] });
    expect(nextStep(loop, 100)).toMatchObject({ do: 'finish', outcome: 'failed' });
  });

  it.each([
    ['no gate can tell that it is whole', { ...started, gates: [] }, []],
    ['its gates fail in every round', started, [gate]],
    ['a gate is what it refused', started, [{ ...gate, exitCode: -1 }]],
  ] as const)('is exhausted when the budget refused a call and %s', (why, of, gates) => {
    const refused = why.startsWith('a gate') ? 'gate' : 'shell.run';
    const round = refused === 'gate' ? 1 : maxGateRounds;
    const change = { started: of, round, gates, unaffordable: new Set([refused]) };
    expect(nextStep(loopIn(phases.answered, change), 100)).toEqual({
      do: 'finish',
      outcome: 'exhausted',
      reason: `the budget did not cover ${refused}`,
    });
  });

  it('succeeds when every gate passes, whatever the budget refused before', () => {
    const gates = [{ ...gate, exitCode: 0, passed: true }];
    const change = { round: 1, gates, unaffordable: new Set(['shell.run']) };
    const step = nextStep(loopIn(phases.answered, change), 100);
    expect(step).toMatchObject({ do: 'finish', outcome: 'succeeded' });
  });

  it.each([
    ['', [false, true], [true]],
    ['; nothing of what it tried was done', [true], [true, true]],
    ['; it has done nothing', [], []],
  ] as const)('succeeds without a gate by the word of the model%s', (came, before, last) => {
    const turnOf = (failures: readonly boolean[]) => ({
      ...{ text: '', calls: [], routings: [], note: '' },
      results: failures.map((failed) => {
        return { role: 'tool', callId: 'c', name: 'fs.read', result: {}, failed } as const;
      }),
    });
    const change = { turns: [turnOf(before)], answer: turnOf(last) };
    const loop = loopIn(phases.answered, { ...change, started: { ...started, gates: [] } });
    expect(nextStep(loop, 100)).toEqual({
      ...{ do: 'finish', outcome: 'succeeded' },
      reason: `the model has ended its work${came}; no gate was asked for`,
    });
  });

  it('succeeds when every gate passes', () => {
    const loop = loopIn(phases.answered, {
      round: 1,
      gates: [{ ...gate, exitCode: 0, passed: true }],
    });
    expect(nextStep(loop, 100)).toMatchObject({ do: 'finish', outcome: 'succeeded' });
  });
});

describe('the next step of a run that undoes another', () => {
  const undoing = { ...started, rollback: { to: 0 } };
  const branched = { source: 'run:y', seq: 9 } as unknown as NonNullable<Loop['branched']>;
  const result = (failed: boolean) => ({
    ...({ role: 'tool', callId: 'c', name: 'order.cancel', failed } as const),
    result: failed ? { error: { code: 'order.shipped' } } : {},
  });
  const at = (next: number, results: readonly boolean[]) =>
    loopIn(
      { name: 'working', work: { on: 'calls', next } },
      {
        started: undoing,
        answer: { text: '', calls: [call, call], routings: [], results: results.map(result) },
      },
    );

  it.each([
    [
      'it plans first',
      loopIn(phases.idle, { started: undoing, branched }),
      { do: 'plan', source: branched },
    ],
    ['it takes the first step', at(0, []), { do: 'undo', call, index: 0 }],
    ['it takes the second', at(1, [false]), { do: 'undo', call, index: 1 }],
    ['it has done all', at(2, [false, false]), { do: 'conclude', done: 2, left: 0 }],
    ['its first step failed', at(1, [true]), { do: 'conclude', done: 0, left: 2 }],
    ['its second step failed', at(2, [false, true]), { do: 'conclude', done: 1, left: 1 }],
  ] as const)('%s', (_, loop, step) => {
    expect(nextStep(loop, 100)).toEqual(step);
  });

  it('begins with no turn where it does not say what it undoes', () => {
    expect(nextStep(loopIn(phases.idle, { started: undoing }), 100)).toEqual({ do: 'nothing' });
  });

  it('ends as what it has come to', () => {
    const concluded = (left: number, results: readonly boolean[]) =>
      nextStep({ ...at(2, results), phase: { name: 'concluded', left } }, 100);
    expect(concluded(0, [false, false])).toMatchObject({ outcome: 'succeeded' });
    expect(concluded(1, [false, true])).toEqual({
      do: 'finish',
      outcome: 'failed',
      reason: 'order.cancel answered order.shipped',
    });
    expect(concluded(1, [false])).toMatchObject({ outcome: 'failed' });
  });
});
