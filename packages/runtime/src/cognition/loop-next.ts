import type { Body } from '@chancery/kernel/ledger';
import { assert } from '@chancery/kernel/refusal';
import { gateName, isRollback, isServed, type Loop, type RunOutcome } from './loop-model.ts';
import type { ModelCall } from './model.ts';
import { errorCodeOf, type ToolMessage } from './result-message.ts';

/** What the loop is to do next. */
export type Step =
  | { readonly do: 'begin-turn'; readonly turn: number }
  | { readonly do: 'ask'; readonly attempt: number }
  /** A request whose answer was lost: its cost is unknown. */
  | { readonly do: 'write-off'; readonly attempt: number }
  | { readonly do: 'wait'; readonly untilMs: number }
  | { readonly do: 'call'; readonly call: ModelCall; readonly index: number }
  | { readonly do: 'gate'; readonly command: string; readonly index: number }
  | { readonly do: 'release'; readonly action: string }
  | { readonly do: 'recover'; readonly action: string }
  | { readonly do: 'end-turn' }
  /** To take what an agent outside calls next. */
  | { readonly do: 'listen' }
  /** To find out what is to be undone, and whether it may be. */
  | { readonly do: 'plan'; readonly source: Body<'run.branched'> }
  | { readonly do: 'undo'; readonly call: ModelCall; readonly index: number }
  /** Nothing more is to be undone, or can be. */
  | { readonly do: 'conclude'; readonly done: number; readonly left: number }
  | { readonly do: 'finish'; readonly outcome: RunOutcome; readonly reason: string }
  /** Only a human can say how it goes on. */
  | { readonly do: 'pause'; readonly action: string; readonly reason: string }
  | { readonly do: 'nothing' };

/** Rounds of gates after which the work counts as failed. */
export const maxGateRounds = 3;

/** Decides the next step. Pure: a function of the recorded state and the present time. */
export function nextStep(loop: Loop, nowMs: number): Step {
  const { phase } = loop;
  switch (phase.name) {
    case 'unstarted':
    case 'finished':
      return { do: 'nothing' };
    case 'idle':
      return isRollback(loop) ? plan(loop) : beginTurn(loop);
    case 'turning':
      return { do: 'ask', attempt: 0 };
    case 'asking':
      return { do: 'write-off', attempt: phase.attempt };
    case 'waiting':
      return phase.untilMs > nowMs
        ? { do: 'wait', untilMs: phase.untilMs }
        : { do: 'ask', attempt: phase.attempt + 1 };
    case 'model-failed':
      return { do: 'finish', outcome: 'failed', reason: `the model failed: ${phase.reason}` };
    case 'concluded':
      return endOfUndoing(loop, phase.left);
    case 'working':
      return isRollback(loop)
        ? undo(loop, phase.work.next)
        : work(loop, phase.work.on, phase.work.next);
    case 'listening':
      return outOfTime(loop) ?? { do: 'listen' };
    case 'held':
      return { do: 'release', action: phase.action };
    case 'executing':
      return { do: 'recover', action: phase.action };
    case 'in-doubt':
      return { do: 'pause', action: phase.action, reason: phase.reason };
    case 'answered':
      return afterAnswer(loop);
    case 'proposed':
    case 'staged':
      // Both are left again within the batch that enters them.
      return { do: 'nothing' };
  }
}

function plan({ branched }: Loop): Step {
  return branched === undefined ? { do: 'nothing' } : { do: 'plan', source: branched };
}

function undo(loop: Loop, next: number): Step {
  assert(loop.answer !== undefined, 'the plan is what is worked on');
  const steps = loop.answer.calls;
  const failed = failedStep(loop) !== undefined;
  const call = failed ? undefined : steps[next];
  if (call !== undefined) return outOfTime(loop) ?? { do: 'undo', call, index: next };
  // The step that failed was the last that was taken up.
  const done = failed ? next - 1 : next;
  return { do: 'conclude', done, left: steps.length - done };
}

function failedStep({ answer }: Loop): ToolMessage | undefined {
  return answer?.results.find(({ failed }) => failed);
}

function endOfUndoing(loop: Loop, left: number): Step {
  if (left === 0) {
    return { do: 'finish', outcome: 'succeeded', reason: 'all that can be undone is undone' };
  }
  const failed = failedStep(loop);
  const why = failed && `${failed.name} answered ${String(errorCodeOf(failed))}`;
  return { do: 'finish', outcome: 'failed', reason: why ?? `${left} steps were not done` };
}

/** The end of a run whose time is used up; undefined while there is some left. */
function outOfTime(loop: Loop): Step | undefined {
  const limitMs = loop.started?.limits.wallMs ?? 0;
  if (loop.workedMs <= limitMs) return undefined;
  return { do: 'finish', outcome: 'exhausted', reason: `the time limit of ${limitMs} ms` };
}

function beginTurn(loop: Loop): Step {
  const limits = loop.started?.limits;
  if (limits === undefined) return { do: 'nothing' };
  if (loop.turn >= limits.turns) {
    return { do: 'finish', outcome: 'exhausted', reason: `the limit of ${limits.turns} turns` };
  }
  return outOfTime(loop) ?? { do: 'begin-turn', turn: loop.turn + 1 };
}

function work(loop: Loop, on: 'calls' | 'gates', next: number): Step {
  if (on === 'gates') return gate(loop, next);
  const call = loop.answer?.calls[next];
  if (call === undefined) return { do: 'end-turn' };
  return outOfTime(loop) ?? { do: 'call', call, index: next };
}

function gate(loop: Loop, index: number): Step {
  const command = loop.started?.gates[index];
  return command === undefined ? { do: 'nothing' } : { do: 'gate', command, index };
}

function afterAnswer(loop: Loop): Step {
  const wanted = loop.started?.gates.length ?? 0;
  if (loop.unaffordable.has(gateName)) return outOfBudget(loop);
  if (loop.gates.length < wanted) return gate(loop, loop.gates.length);
  if (wanted > 0 && loop.gates.every(({ passed }) => passed)) {
    return { do: 'finish', outcome: 'succeeded', reason: 'all gates pass' };
  }
  if (wanted > 0 && loop.round < maxGateRounds) return beginTurn(loop);
  // Only a gate can tell that the work is whole without what the budget refused.
  if (loop.unaffordable.size > 0) return outOfBudget(loop);
  if (wanted === 0) return endByWord(loop);
  return { do: 'finish', outcome: 'failed', reason: `gates fail after ${loop.round} rounds` };
}

/** Without a gate a run succeeds by the word of who worked; what that is worth is told with it. */
function endByWord(loop: Loop): Step {
  const who = isServed(loop) ? 'agent' : 'model';
  const results = [...loop.turns, loop.answer].flatMap((turn) => turn?.results ?? []);
  const done = results.some(({ failed }) => !failed);
  const tried = results.length === 0 ? 'it has done nothing' : 'nothing of what it tried was done';
  const came = done ? '' : `; ${tried}`;
  const reason = `the ${who} has ended its work${came}; no gate was asked for`;
  return { do: 'finish', outcome: 'succeeded', reason };
}

function outOfBudget({ unaffordable }: Loop): Step {
  const names = [...unaffordable].sort().join(', ');
  return { do: 'finish', outcome: 'exhausted', reason: `the budget did not cover ${names}` };
}
