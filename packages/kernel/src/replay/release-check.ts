import type { Entry } from '../ledger/index.ts';
import type { Decided } from './decision-check.ts';
import type { RunContext } from './run-context.ts';

/**
 * What was held is released by what was granted for it, and so is what is held now. What holds it is
 * what the decision comes to, wherever that could be made again, and what held it the last time
 * otherwise: once nothing holds it, it takes no key that may still approve, but the answer stands.
 */
export function checkRelease(
  { body: { actionDigest: action, nowMs } }: Entry<'proposal.staged'>,
  decided: Decided | undefined,
  { state, actions, authority, approvals, tell }: RunContext,
): void {
  const { started, stream } = state;
  const { trust } = authority;
  if (started === undefined || trust === undefined) return;
  const before = actions.of(action).hold;
  const hold = decided === undefined ? before : decided.hold;
  if (hold === undefined && before === undefined) return;
  const release = { action, run: stream, hold, nowMs, trust, proposer: started.actor };
  const why = approvals.whyHeld(release);
  if (why === undefined) return;
  const rule = decided?.hold?.rule;
  tell('approval.missing', rule === undefined ? why : `${rule} holds it, and ${why}`);
}
