import { Fault } from '@chancery/kernel/refusal';
import { readSubmission, type RunContext, type Submission } from '../broker/index.ts';

/** The submission of a held action, as it was recorded. @throws {Fault} when nothing is held. */
export async function releasedSubmission(context: RunContext, action: string): Promise<Submission> {
  const { trajectory } = context;
  const held = trajectory.suspended.get(action);
  const proposed = held && trajectory.intents.get(held.action.intent);
  if (proposed === undefined) throw new Fault(`the action ${action} is not held`);
  return readSubmission(context, proposed);
}
