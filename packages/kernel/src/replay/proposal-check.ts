import { isJsonObject, objectDigest } from '../encoding/index.ts';
import { type Body, type Entry } from '../ledger/index.ts';
import { unmetPredicate, type Writ } from '../writ/index.ts';
import { type RunContext } from './run-context.ts';

type Proposal = Entry<'proposal.staged'> | Entry<'proposal.suspended'>;

/** A proposal agrees with its digest, its intent, the run's pins and the writ. */
export function checkProposal({ body, kind }: Proposal, context: RunContext): void {
  const { trajectory, authority, tell } = context;
  const { action, actionDigest } = body;
  const { started } = trajectory;
  if (started === undefined) return;
  const mismatch = mismatchOf(body, context);
  if (mismatch !== undefined) tell('action.mismatch', mismatch);
  if (authority.trust === undefined) return;
  const without = authority.writs.why(action.writ, started.actor, authority.trust);
  if (without !== undefined) {
    tell('writ.exceeded', without);
    return;
  }
  const writ = authority.writs.chain(action.writ)[0]?.writ;
  const exceeded = writ === undefined ? 'there is no writ' : whyOutside(body, writ);
  if (exceeded !== undefined) tell('writ.exceeded', exceeded);
  if (kind !== 'proposal.staged') return;
  if (authority.halts(trajectory.stream)) tell('control.ignored', 'a control halts this run');
  context.stagedUnder.set(actionDigest, authority.policySet);
}

function mismatchOf(
  { action, actionDigest }: Proposal['body'],
  { ledger, trajectory }: RunContext,
): string | undefined {
  const { started, stream, intents } = trajectory;
  const digest = objectDigest('action', action);
  if (digest !== actionDigest) return `the action has the digest ${digest}`;
  if (action.ledger !== ledger) return 'the action names another ledger';
  if (action.stream !== stream) return 'the action names another run';
  if (action.writ !== started?.writ) return 'the action names another writ than the run';
  const pinned = started.capabilities.find(({ name }) => name === action.capability);
  if (pinned?.contract !== action.contract) return 'the action names a contract that is not pinned';
  const intent = intents.get(action.intent)?.intent;
  if (!isJsonObject(intent)) return 'the intent was not proposed before';
  if (intent['capability'] !== action.capability) return 'the intent asks for another capability';
  return undefined;
}

/** What of the action is outside the writ; the law is that of the compiler's stages. */
function whyOutside({ action, effects, nowMs }: Proposal['body'], writ: Writ): string | undefined {
  const { notBefore, notAfter } = writ.window;
  if (nowMs < notBefore || nowMs > notAfter) return 'it was decided outside the window of the writ';
  const grant = writ.grants.find(({ capability }) => capability === action.capability);
  if (grant === undefined) return `the writ does not grant ${action.capability}`;
  const args = action.normalisedArgs;
  if (!isJsonObject(args)) return 'its arguments are not an object';
  const unmet = unmetPredicate(grant, args);
  if (unmet !== undefined) return `the argument ${unmet.arg} is outside the grant`;
  const more = effects.find((effect) => effect !== 'pure' && !writ.effects.includes(effect));
  return more === undefined ? undefined : `the writ does not permit the effect ${more}`;
}

/** A held action is released by enough approvals, and a started one was staged. */
export function checkRelease(
  { action }: Body<'execution.started'>,
  { trajectory, authority, approvals, tell }: RunContext,
): void {
  const { started, staged, suspended, executions } = trajectory;
  if (!staged.has(action)) tell('run.misordered', 'it was not staged before');
  const phase = executions.get(action)?.phase;
  if (phase === 'committed' || phase === 'happened' || phase === 'in-doubt') {
    tell('run.misordered', `it was started before and is ${phase}`);
  }
  const held = suspended.get(action);
  if (held === undefined || started === undefined || authority.trust === undefined) return;
  const why = approvals.whyHeld(action, held.hold, {
    trust: authority.trust,
    proposer: started.actor,
  });
  if (why !== undefined) tell('approval.missing', why);
}
