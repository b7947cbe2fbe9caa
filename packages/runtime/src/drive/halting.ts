import { stops, strongest, type Halt } from '@chancery/kernel/control';
import type { Effect } from '@chancery/kernel/contract';
import type { Trajectory } from '@chancery/kernel/replay';
import type { RunContext } from '../broker/index.ts';
import type { Step } from '../cognition/index.ts';
import { runId } from './ask.ts';
import { whyVoid } from './voided.ts';

/** What stands against the next step of a run. */
export type Against =
  /** The run may not go on, and ends. */
  | { readonly then: 'end'; readonly reason: string }
  /** The run rests as it is, until the control is cleared. */
  | { readonly then: 'rest'; readonly halt: Halt };

/** Why a run may not take this step: a control, or a writ or a key that gives no authority any more. */
export async function against(run: RunContext, step: Step): Promise<Against | undefined> {
  const standing = await run.authority.standing(runId(run), run.writ);
  const reason = whyVoid(standing, run.actor, run.journal.clock.nowMs());
  if (reason !== undefined) return end(step, reason);
  const halt = strongest(standing.controls);
  if (halt === undefined) return undefined;
  const waits = halt.mode === 'soft' ? waitsSoftly(step) : waitsLocked(step, run.trajectory);
  return waits ? { then: 'rest', halt } : undefined;
}

/** What was begun is brought to its end before the run is: its effect may have happened. */
function end(step: Step, reason: string): Against | undefined {
  const begun = step.do === 'recover' || step.do === 'write-off' || step.do === 'nothing';
  return begun ? undefined : { then: 'end', reason };
}

/** Whether a step begins a turn or an effect. A call is taken all the same: its refusal is recorded. */
function waitsSoftly({ do: what }: Step): boolean {
  return ['begin-turn', 'ask', 'wait', 'gate', 'release', 'recover'].includes(what);
}

/**
 * Whether a step may change something outside the ledger: a gate is a command, and the end of a run
 * writes its result into the repository. A call is taken, as above.
 */
function waitsLocked(step: Step, trajectory: Trajectory): boolean {
  if (step.do === 'release') return changes(trajectory.suspended.get(step.action)?.effects);
  if (step.do === 'recover') return changes(trajectory.staged.get(step.action)?.effects);
  return step.do === 'gate' || step.do === 'finish';
}

function changes(effects: readonly Effect[] | undefined): boolean {
  return stops('lockdown', effects);
}
