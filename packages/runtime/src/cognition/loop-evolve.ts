import { isJsonObject, type Json } from '@chancery/kernel/encoding';
import {
  evolver,
  type Body,
  type Entry,
  type Kind,
  type SealedEntry,
} from '@chancery/kernel/ledger';
import { Fault, type Refusal } from '@chancery/kernel/refusal';
import {
  gateName,
  isServed,
  loopTransitions,
  ownInterruptionCodes,
  type Answer,
  type Contents,
  type GateResult,
  type Loop,
  type LoopPhase,
  type Work,
} from './loop-model.ts';
import type { ModelCall } from './model.ts';
import {
  failureMessage,
  observationMessage,
  refusalMessage,
  type ToolMessage,
} from './result-message.ts';

/**
 * Advances the loop by one entry of its stream. Pure.
 * @throws {Fault} for an entry that the present phase does not admit: the stream was not written by
 * this loop.
 */
export function evolveLoop(loop: Loop, sealed: SealedEntry, contents: Contents): Loop {
  const { entry } = sealed;
  // Told beside what the loop does.
  if (sealed.entry.kind === 'budget.threshold-crossed') return loop;
  const admitted: readonly Kind[] = loopTransitions[loop.phase.name];
  if (!admitted.includes(entry.kind)) {
    const where = `${entry.stream} ${entry.seq}`;
    throw new Fault(`${where}: ${entry.kind} cannot follow in phase ${loop.phase.name}`);
  }
  return step({ loop, contents }, sealed).loop;
}

interface Reading {
  readonly loop: Loop;
  readonly contents: Contents;
}

/** What each kind does to the loop, in terms of the loop alone. */
const step = evolver<Reading>({
  'run.started': at((loop, { body }, contents) => ({
    ...loop,
    phase: { name: 'idle' },
    started: body,
    task: taskOf(body, contents),
  })),
  'run.branched': at((loop, { body }) => ({
    ...loop,
    branched: body,
    task: `${loop.task}\n\n${goesOn(body)}`,
  })),
  'run.finished': at((loop, { body }) => enter(loop, { name: 'finished', outcome: body.outcome })),
  'turn.started': at((loop, { body }) => {
    const begun = beginTurn(loop, body.turn);
    return isServed(loop) ? enter(begun, { name: 'listening', next: 0 }) : begun;
  }),
  'turn.finished': at((loop) => endTurn(loop)),
  'model.requested': at((loop, { at: sinceMs, body: { attempt, reserved } }) =>
    enter(loop, { name: 'asking', attempt, reserved, sinceMs }),
  ),
  'model.responded': at((loop, { at: atMs, body }, contents) =>
    heard(spentSinceAsked(loop, atMs), body, contents),
  ),
  'model.interrupted': at((loop, entry) => ({
    ...loop,
    phase: interrupted(entry),
    ownInterruptions: loop.ownInterruptions + (isOurs(entry.body.failure.code) ? 1 : 0),
  })),
  'compensation.planned': at((loop, { body }, contents) => ({
    ...loop,
    phase: { name: 'working', work: { on: 'calls', next: 0 } },
    answer: { text: '', calls: stepsOf(body, contents), routings: [], results: [] },
  })),
  'compensation.finished': at((loop, { body: { left } }) =>
    enter(loop, { name: 'concluded', left }),
  ),
  'intent.proposed': at((loop, { body }, contents) => {
    const { callId } = body;
    const proposed = enter(loop, { name: 'proposed', work: workOf(loop), callId });
    return body.origin === 'mcp' ? { ...proposed, answer: calledFor(body, contents) } : proposed;
  }),
  'proposal.staged': at((loop, { body: { actionDigest: action } }) =>
    enter(loop, { name: 'staged', work: workOf(loop), action }),
  ),
  'proposal.suspended': at((loop, { body: { actionDigest: action } }) =>
    enter(loop, { name: 'held', work: workOf(loop), action }),
  ),
  'proposal.rejected': at((loop, { body }) =>
    answered(refusedBy(loop, body.refusal.code), {
      result: (call) => refusalMessage(call, body.refusal as Refusal),
      gate: { exitCode: -1, action: body.intent ?? noAction },
      // A control says nothing of the work: the gate is run once it is cleared.
      brokenOff: body.refusal.code === 'control.halted',
    }),
  ),
  'execution.started': at((loop, { body: { action } }) =>
    enter(loop, { name: 'executing', work: workOf(loop), action }),
  ),
  'execution.reconciled': at((loop, { body: { action } }) =>
    enter(loop, { name: 'executing', work: workOf(loop), action }),
  ),
  'execution.in-doubt': at((loop, { body: { action, reason } }) =>
    enter(loop, { name: 'in-doubt', work: workOf(loop), action, reason }),
  ),
  'execution.failed': at((loop, { body }) =>
    answered(worked(loop, body.cost.wallMs), {
      result: (call) => failureMessage(call, body.failure),
      gate: { exitCode: -1, action: body.action },
      brokenOff: isOurs(body.failure.code),
    }),
  ),
  commit: at((loop, { body }, contents) => {
    const observation = contents(body.observation);
    return answered(carriedOut(worked(loop, body.cost.wallMs)), {
      result: (call) => observationMessage(call, observation),
      gate: { exitCode: exitCodeOf(observation), action: body.action },
    });
  }),
});

/** Lifts a change of the loop to what the fold carries along. */
function at<K extends Kind>(
  change: (loop: Loop, entry: Entry<K>, contents: Contents) => Loop,
): (reading: Reading, sealed: SealedEntry<K>) => Reading {
  return ({ loop, contents }, { entry }) => ({ loop: change(loop, entry, contents), contents });
}

function isOurs(code: string): boolean {
  return ownInterruptionCodes.includes(code);
}

function refusedBy(loop: Loop, code: string): Loop {
  if (code !== 'budget.exhausted') return loop;
  return { ...loop, unaffordable: new Set([...loop.unaffordable, workName(loop)]) };
}

function carriedOut(loop: Loop): Loop {
  const unaffordable = new Set(loop.unaffordable);
  return unaffordable.delete(workName(loop)) ? { ...loop, unaffordable } : loop;
}

/** What is worked on, by the name of its call. */
function workName(loop: Loop): string {
  return workOf(loop).on === 'gates' ? gateName : (workedOn(loop)?.name ?? '');
}

function worked(loop: Loop, wallMs: number): Loop {
  return { ...loop, workedMs: loop.workedMs + wallMs };
}

function spentSinceAsked(loop: Loop, atMs: number): Loop {
  return loop.phase.name === 'asking' ? worked(loop, atMs - loop.phase.sinceMs) : loop;
}

function enter(loop: Loop, phase: LoopPhase): Loop {
  return { ...loop, phase };
}

/** A turn after gates have failed shows the model what they said. */
function beginTurn(loop: Loop, turn: number): Loop {
  const turns = isServed(loop) ? [] : windowTurns(loop);
  const fresh = { answer: undefined, gates: [], ownInterruptions: 0 };
  return { ...loop, phase: { name: 'turning' }, turn, turns, ...fresh };
}

/** The turns that the model is shown when it is asked next. */
export function windowTurns(loop: Loop): Loop['turns'] {
  return loop.answer === undefined ? loop.turns : [...loop.turns, closedTurn(loop, loop.answer)];
}

function closedTurn(loop: Loop, answer: Answer): Loop['turns'][number] {
  const failed = loop.gates.filter(({ passed }) => !passed);
  const note = failed
    .map(({ command, exitCode }) => `The gate \`${command}\` failed with exit code ${exitCode}.`)
    .join('\n');
  return { ...answer, note: note === '' ? '' : `${note}\nRun it, find out why, and correct it.` };
}

function endTurn(loop: Loop): Loop {
  const called = !isServed(loop) && (loop.answer?.calls.length ?? 0) > 0;
  return called
    ? { ...loop, phase: { name: 'idle' } }
    : { ...loop, phase: { name: 'answered' }, round: loop.round + 1, gates: [], gateTries: 0 };
}

function interrupted({ body, at: atMs }: Entry<'model.interrupted'>): LoopPhase {
  const { attempt, retryInMs, failure } = body;
  return retryInMs === null
    ? { name: 'model-failed', reason: `${failure.code}: ${failure.message}` }
    : { name: 'waiting', attempt, untilMs: atMs + retryInMs };
}

function heard(loop: Loop, body: Body<'model.responded'>, contents: Contents): Loop {
  const text = contents(body.text);
  const calls = body.calls.map((call) => callOf(call, contents));
  const routings = body.calls.map(({ routing }) => routing);
  const said = typeof text === 'string' ? text : '';
  const answer: Answer = { text: said, calls, routings, results: [] };
  return { ...loop, phase: { name: 'working', work: { on: 'calls', next: 0 } }, answer };
}

/** What an agent outside has called, in the place of an answer. */
function calledFor({ callId: id, intent }: Body<'intent.proposed'>, contents: Contents): Answer {
  const value = contents(intent);
  const { capability, args } = isJsonObject(value) ? value : {};
  const name = typeof capability === 'string' ? capability : '';
  const call: ModelCall = { id, name, args: isJsonObject(args) ? args : {} };
  return { text: '', calls: [call], routings: [], results: [] };
}

function callOf(
  { id, name, args, malformed }: Body<'model.responded'>['calls'][number],
  contents: Contents,
): ModelCall {
  const value = contents(args);
  if (malformed || !isJsonObject(value)) {
    return { id, name, args: { malformed: typeof value === 'string' ? value : '' } };
  }
  return { id, name, args: value };
}

/** Told to the model, which has not seen how the files came to be what they are. */
function goesOn({ source, seq }: Body<'run.branched'>): string {
  return `(The files are those of the ${source.replace(':', ' ')} after its entry ${seq}.)`;
}

/** The steps of a plan as calls of an answer. */
function stepsOf(
  { steps }: Body<'compensation.planned'>,
  contents: Contents,
): readonly ModelCall[] {
  return steps.map(({ capability: name, args }, index) => {
    const value = contents(args);
    if (!isJsonObject(value)) throw new Fault('the arguments of a step are no object');
    return { id: `undo-${index}`, name, args: value };
  });
}

function taskOf({ task, subject }: Body<'run.started'>, contents: Contents): string {
  const sealed = subject === undefined ? task : contents(subject.task);
  return typeof sealed === 'string' ? sealed : '';
}

const noAction = '0'.repeat(64);

function workOf({ phase }: Loop): Work {
  if ('work' in phase) return phase.work;
  if (phase.name === 'listening') return { on: 'calls', next: phase.next };
  return { on: 'gates', next: 0 };
}

interface Outcome {
  readonly result: (call: { readonly id: string; readonly name: string }) => ToolMessage;
  readonly gate: Pick<GateResult, 'exitCode' | 'action'>;
  /** Whether we broke it off ourselves: a gate is then run again, and nothing is said of it. */
  readonly brokenOff?: boolean;
}

/** Notes the outcome of a call or of a gate, and goes on to the next. */
function answered(loop: Loop, { result, gate, brokenOff = false }: Outcome): Loop {
  const work = workOf(loop);
  const next: LoopPhase = { name: 'working', work: { ...work, next: work.next + 1 } };
  if (work.on === 'gates') {
    const gateTries = loop.gateTries + 1;
    if (brokenOff) return { ...loop, phase: { name: 'working', work }, gateTries };
    const command = loop.started?.gates[work.next] ?? '';
    const gates = [...loop.gates, { command, ...gate, passed: gate.exitCode === 0 }];
    const left = gates.length < (loop.started?.gates.length ?? 0);
    return { ...loop, phase: left ? next : { name: 'answered' }, gates, gateTries };
  }
  const call = workedOn(loop);
  if (loop.answer === undefined || call === undefined) {
    throw new Fault('an outcome without a call that it belongs to');
  }
  const answer = { ...loop.answer, results: [...loop.answer.results, result(call)] };
  const listening: LoopPhase = { name: 'listening', next: work.next + 1 };
  return { ...loop, phase: isServed(loop) ? listening : next, answer };
}

/** The call that is worked on; of an agent outside only the last one is kept. */
function workedOn(loop: Loop): ModelCall | undefined {
  return loop.answer?.calls[isServed(loop) ? 0 : workOf(loop).next];
}

/** Exit code of a command that was observed; -1 where there is none. */
export function exitCodeOf(observation: Json): number {
  const code = isJsonObject(observation) ? observation['exitCode'] : undefined;
  return typeof code === 'number' ? code : -1;
}
