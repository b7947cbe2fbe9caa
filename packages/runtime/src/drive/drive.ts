import type { Halt } from '@chancery/kernel/control';
import type { Body, Draft } from '@chancery/kernel/ledger';
import { Fault } from '@chancery/kernel/refusal';
import { record, recover, release, resolutionOf, submit } from '../broker/index.ts';
import { isServed, nextStep, type Agent, type ModelCall, type Step } from '../cognition/index.ts';
import { ask, headOf, interrupted, isMalformed } from './ask.ts';
import type { DrivenRun } from './driven-run.ts';
import { conclude, plan, undo, untimely } from './undo.ts';
import { finish } from './finish.ts';
import { listen } from './listen.ts';
import { against } from './halting.ts';
import { releasedSubmission } from './released.ts';

/** Why driving has come to a rest. */
export type DriveEnd =
  | { readonly kind: 'finished'; readonly body: Body<'run.finished'> }
  /** A human has to vote. */
  | { readonly kind: 'held'; readonly action: string }
  /** A human has to find out what happened. */
  | { readonly kind: 'in-doubt'; readonly action: string; readonly reason: string }
  /** Stopped from outside; nothing is lost, and it can be resumed. */
  | { readonly kind: 'stopped' }
  /** A control keeps it from going on; it can be resumed once that is cleared. */
  | { readonly kind: 'halted'; readonly halt: Halt };

export interface DriveOptions {
  /** Aborted to stop cleanly between two steps. */
  readonly stop: AbortSignal;
  /** Waits until the time, or less; rejects never. Resolves early when the ledger has grown. */
  readonly rest: (untilMs: number) => Promise<void>;
  /** Whether to wait for a human, or to come to a rest when one is needed. */
  readonly waitForHumans: boolean;
  /**
   * The agent outside that the run is driven by. Without one, such a run is brought to its end; while it
   * is `away`, the run stops where the agent would be heard.
   */
  readonly agent?: Agent | 'away';
  /** Stops a run that undoes another before its first step: once all of them were found fit to be done. */
  readonly onlyPlan?: boolean;
  /** Told the seq of the run's last entry before each step. */
  readonly grown?: (seq: number) => void;
}

/** How long to rest between two looks at an approval, when nothing else wakes us. */
const approvalRestMs = 5_000;

/** How long to rest until the agent of a run wants something, when nothing else wakes us. */
const agentRestMs = 60_000;

/** Drives a run, one step after the other, until it has ended or rests. */
export async function drive(run: DrivenRun, options: DriveOptions): Promise<DriveEnd> {
  for (;;) {
    if (options.stop.aborted) return { kind: 'stopped' };
    const { head } = run.context.trajectory;
    if (head !== null) options.grown?.(head.seq);
    if (options.agent !== 'away') options.agent?.follow(run.progress.loop);
    const step = nextStep(run.progress.loop, run.context.journal.clock.nowMs());
    const found = await against(run.context, step);
    if (found?.then === 'rest') return { kind: 'halted', halt: found.halt };
    const end =
      found?.then === 'end'
        ? await finishedBy(run, 'cancelled', found.reason)
        : await take(run, step, options);
    if (end !== undefined) return end;
  }
}

async function finishedBy(
  run: DrivenRun,
  outcome: Body<'run.finished'>['outcome'],
  reason: string,
): Promise<DriveEnd> {
  return { kind: 'finished', body: await finish(run, outcome, reason) };
}

async function take(
  run: DrivenRun,
  step: Step,
  options: DriveOptions,
): Promise<DriveEnd | undefined> {
  switch (step.do) {
    case 'begin-turn':
      return beginTurn(run, step.turn, options);
    case 'listen':
      return listening(run, options);
    case 'ask':
      return asking(run, step.attempt, []);
    case 'write-off':
      return writeOff(run, step.attempt);
    case 'wait':
      await options.rest(step.untilMs);
      return undefined;
    case 'call':
      await submitCall(run, step.call, step.index);
      return undefined;
    case 'gate':
      await submitGate(run, step.command);
      return undefined;
    case 'release':
      return released(run, step.action, options);
    case 'recover':
      await recover(run.context, step.action);
      return undefined;
    case 'end-turn':
      await endTurn(run);
      return undefined;
    case 'plan':
      return planned(run, step.source);
    case 'undo':
      return undone(run, step, options);
    case 'conclude':
      await conclude(run, step.done, step.left);
      return undefined;
    case 'finish':
      return finishedBy(run, step.outcome, step.reason);
    case 'pause':
      return { kind: 'in-doubt', action: step.action, reason: step.reason };
    case 'nothing':
      throw new Fault(`nothing can be done in phase ${run.progress.loop.phase.name}`);
  }
}

async function planned(
  run: DrivenRun,
  source: Body<'run.branched'>,
): Promise<DriveEnd | undefined> {
  const why = await plan(run, source);
  return why === undefined ? undefined : finishedBy(run, 'failed', why);
}

async function undone(
  run: DrivenRun,
  { call, index }: Extract<Step, { do: 'undo' }>,
  { onlyPlan }: DriveOptions,
): Promise<DriveEnd | undefined> {
  if (onlyPlan === true) return { kind: 'stopped' };
  const why = await untimely(run);
  if (why !== undefined) return finishedBy(run, 'failed', why);
  await undo(run, call, index);
  return undefined;
}

function turnDraft({ context }: DrivenRun, turn: number): Draft {
  const cause = headOf(context);
  return { stream: context.stream, kind: 'turn.started', body: { turn }, cause };
}

async function beginTurn(
  run: DrivenRun,
  turn: number,
  { agent }: DriveOptions,
): Promise<DriveEnd | undefined> {
  const { loop } = run.progress;
  const draft = turnDraft(run, turn);
  if (!isServed(loop)) return asking(run, 0, [draft]);
  if (loop.phase.name === 'answered' && hasLeft(agent)) {
    return finishedBy(run, 'failed', 'gates fail, and the agent has left');
  }
  await record(run.context, [draft]);
  return undefined;
}

async function listening(
  run: DrivenRun,
  { agent, rest }: DriveOptions,
): Promise<DriveEnd | undefined> {
  if (agent === 'away') return { kind: 'stopped' };
  const heard = await listen(run, agent);
  if (!heard) await rest(run.context.journal.clock.nowMs() + agentRestMs);
  return undefined;
}

async function asking(
  run: DrivenRun,
  attempt: number,
  opening: readonly Draft[],
): Promise<DriveEnd | undefined> {
  // Halted at the last moment: what is to become of the run is asked again.
  if ((await ask(run, attempt, opening)) !== 'unaffordable') return undefined;
  return finishedBy(run, 'exhausted', 'the budget does not cover another model call');
}

/** The answer to a request was lost with the process that asked. */
async function writeOff(run: DrivenRun, attempt: number): Promise<undefined> {
  const { phase, turn } = run.progress.loop;
  if (phase.name !== 'asking') throw new Fault('no request is open');
  const { draft } = interrupted(run, {
    turn,
    attempt,
    reserved: phase.reserved,
    failure: {
      class: 'unknown',
      code: 'abandoned',
      message: 'the process that asked has ended',
      retryAfterMs: 0,
    },
    usage: undefined,
  });
  await record(run.context, [{ ...draft, cause: headOf(run.context) }]);
}

const rationaleChars = 500;

async function submitCall(run: DrivenRun, call: ModelCall, index: number): Promise<void> {
  const { loop } = run.progress;
  const offer = run.context.offers.get(call.name);
  const routing = loop.answer?.routings[index];
  const looks = offer?.known.contract.effect === 'read' || offer?.known.contract.effect === 'pure';
  await submit(run.context, {
    origin: 'model',
    turn: loop.turn,
    callId: call.id,
    intent: {
      kind: looks ? 'query' : 'act',
      capability: call.name,
      // Text in the place of an object: the compiler refuses it as malformed, and says so.
      args: isMalformed(call.args) ? call.args.malformed : call.args,
      rationale: (loop.answer?.text ?? '').slice(0, rationaleChars).toWellFormed(),
      nonce: `turn-${loop.turn}.${index}`,
    },
    routing: routing && { from: 'ledger', value: routing },
  });
}

async function submitGate(run: DrivenRun, command: string): Promise<void> {
  const { loop } = run.progress;
  const nonce = `gate-${loop.round}.${loop.gateTries}`;
  await submit(run.context, {
    origin: 'gate',
    turn: loop.turn,
    callId: nonce,
    intent: {
      kind: 'act',
      capability: 'shell.run',
      args: { command },
      rationale: 'gate',
      nonce,
    },
  });
}

async function endTurn({ context, progress }: DrivenRun): Promise<void> {
  const { turn, answer } = progress.loop;
  const body = { turn, calls: answer?.calls.length ?? 0 };
  const cause = context.trajectory.answered ?? null;
  await record(context, [{ stream: context.stream, kind: 'turn.finished', body, cause }]);
}

/** Nobody waits for a run whose agent has left. */
function waitsForHumans({ waitForHumans, agent }: DriveOptions): boolean {
  return waitForHumans && (agent === undefined || !hasLeft(agent));
}

/** Whether nobody is there any more who could mend what a gate has found. */
function hasLeft(agent: DriveOptions['agent']): boolean {
  return agent === undefined || (agent !== 'away' && agent.isGone);
}

async function released(
  run: DrivenRun,
  action: string,
  options: DriveOptions,
): Promise<DriveEnd | undefined> {
  const { context } = run;
  const resolved = await resolutionOf(context, action);
  if (resolved === undefined) {
    if (!waitsForHumans(options)) return { kind: 'held', action };
    await options.rest(context.journal.clock.nowMs() + approvalRestMs);
    return undefined;
  }
  const { resolution, read } = resolved;
  await release(context, await releasedSubmission(context, action), {
    resolution,
    read: { stream: read.stream, head: read.head },
  });
  return undefined;
}
