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
  proposed: { name: 'proposed', work, callId: 'c' },
  staged: { name: 'staged', work, action },
  held: { name: 'held', work, action },
  executing: { name: 'executing', work, action },
  'in-doubt': { name: 'in-doubt', work, action, reason: 'nobody knows' },
  answered: { name: 'answered' },
  finished: { name: 'finished', outcome: 'succeeded' },
};

const started = {
  gates: ['npm test'],
  limits: { turns: 3, wallMs: 1_000, retries: 1, outputTokens: 1, approvalMs: 1 },
} as unknown as NonNullable<Loop['started']>;

const loopIn = (phase: LoopPhase, change: Partial<Loop> = {}): Loop => ({
  ...initialLoop,
  phase,
  started,
  turn: 1,
  answer: { text: '', calls: [call], results: [] },
  ...change,
});

const entryOf = (kind: Kind): SealedEntry =>
  ({ entry: { kind, stream: 'run:x', seq: 1 } }) as unknown as SealedEntry;

describe('the fold of the native loop', () => {
  const illegal = Object.values(phases).flatMap((phase) =>
    (Object.keys(catalogue) as Kind[])
      .filter((kind) => !(loopTransitions[phase.name] as readonly Kind[]).includes(kind))
      .map((kind) => [kind, phase] as const),
  );

  it.each(illegal)('faults on %s in phase $name', (kind, phase) => {
    expect(() => evolveLoop(loopIn(phase), entryOf(kind), () => null)).toThrow(Fault);
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
    ['working', { answer: { text: '', calls: [], results: [] } }, { do: 'end-turn' }],
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

  it('succeeds when every gate passes', () => {
    const loop = loopIn(phases.answered, {
      round: 1,
      gates: [{ ...gate, exitCode: 0, passed: true }],
    });
    expect(nextStep(loop, 100)).toMatchObject({ do: 'finish', outcome: 'succeeded' });
  });
});
