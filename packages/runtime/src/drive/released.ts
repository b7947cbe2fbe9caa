import { Fault } from '@chancery/kernel/refusal';
import { type RunContext, type Submission } from '../broker/index.ts';

/** The submission of a held action, as it was recorded. @throws {Fault} when nothing is held. */
export function releasedSubmission({ trajectory }: RunContext, action: string): Submission {
  const held = trajectory.suspended.get(action);
  const proposed = held && trajectory.intents.get(held.action.intent);
  if (proposed === undefined) throw new Fault(`the action ${action} is not held`);
  const { origin, turn, callId, intent } = proposed;
  return { origin, turn, callId, intent };
}
