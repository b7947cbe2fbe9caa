import { dimensions } from '../account/index.ts';
import { actionDigest as computeDigest, type Action } from '../compiler/index.ts';
import { isJsonObject, textDigest, type Digest, type Json } from '../encoding/index.ts';
import type { Body, Entry } from '../ledger/index.ts';
import { subjectOf, unmetPredicate, type Grant, type Writ } from '../writ/index.ts';
import { readContent, type BlobReader } from './blob-reader.ts';
import type { ExecutionPhase } from './execution.ts';
import { actionText } from './named-text.ts';
import { ownSet } from './own-policies.ts';
import type { RunContext } from './run-context.ts';

type Proposal = Entry<'proposal.staged'> | Entry<'proposal.suspended'>;

/** A proposal agrees with its digest, its intent, the run's pins and the writ. */
export function checkProposal({ body }: Proposal, context: RunContext): void {
  const { state, authority, tell } = context;
  const { action } = body;
  const { started } = state;
  if (started === undefined) return;
  const { whole } = context;
  if (whole === undefined) tell('content.unread', 'the action was not given in whole');
  const mismatch = mismatchOf(body, context);
  if (mismatch !== undefined) tell('action.mismatch', mismatch);
  if (authority.trust === undefined) return;
  const without = authority.writs.why(action.writ, started.actor, authority.trust);
  if (without !== undefined) {
    tell('writ.exceeded', without);
    return;
  }
  const writ = authority.writs.chain(action.writ)[0]?.writ;
  const exceeded =
    writ === undefined
      ? 'there is no writ'
      : whyOutside(body, whole, {
          ...{ writ, blobs: context.blobs },
          manifest: authority.manifestOf(action.contract),
        });
  if (exceeded !== undefined) tell('writ.exceeded', exceeded);
  if (authority.halts({ stream: state.stream, plan: started.plan }, action.writ, body.effects)) {
    tell('control.ignored', 'a control that is engaged stops this action');
  }
}

/** Phases of an earlier attempt after which an action may be staged again: its end is unknown, or none. */
const restartable: readonly (ExecutionPhase | undefined)[] = [undefined, 'open', 'released'];

/** A proposal that is to be executed, for the first time or again after a crash. */
export function checkStaged(entry: Entry<'proposal.staged'>, context: RunContext): void {
  checkProposal(entry, context);
  const { state, actions, tell } = context;
  const { actionDigest: action, policySetDigest } = entry.body;
  checkSet(policySetDigest, state.started, context);
  const { phase } = actions.of(action);
  if (!restartable.includes(phase)) tell('run.misordered', `it was started before: ${phase ?? ''}`);
}

/** What decided is what was active there, narrowed by the policies of the run. */
export function checkSet(
  recorded: Digest,
  started: Pick<Body<'run.started'>, 'policies'> | undefined,
  { authority: { policySet }, tell }: Pick<RunContext, 'authority' | 'tell'>,
): void {
  const set = policySet && ownSet(policySet, started);
  if (recorded !== set) tell('policy.mismatch', `the active set was ${set ?? 'none'}`);
}

/** An execution follows the proposal that decided it, in one batch, and reserves what that says. */
export function checkExecution(
  { body, batch }: Entry<'execution.started'>,
  { actions, previous, tell }: RunContext,
): void {
  const { action, attempt, reserved } = body;
  const staged = previous?.kind === 'proposal.staged' ? previous : undefined;
  if (staged?.body.actionDigest !== action || staged.batch.id !== batch.id) {
    tell('run.misordered', 'it was not staged just before');
    return;
  }
  const { attempt: before } = actions.of(action);
  if (attempt !== before + 1) tell('run.misordered', `it is attempt ${before + 1}`);
  const wrong = dimensions.find((each) => reserved[each] !== staged.body.reserved[each]);
  if (wrong !== undefined) tell('action.mismatch', `another amount of ${wrong} was to be reserved`);
}

function mismatchOf(
  { action, actionDigest }: Proposal['body'],
  { ledger, state, actions, named, whole }: RunContext,
): string | undefined {
  const { started, stream } = state;
  const text = named === undefined ? undefined : actionText(action, named);
  const digest = text === undefined ? whole && computeDigest(whole) : textDigest('action', text);
  if (digest !== undefined && digest !== actionDigest) return `the action has the digest ${digest}`;
  if (action.ledger !== ledger) return 'the action names another ledger';
  if (action.stream !== stream) return 'the action names another run';
  if (action.writ !== started?.writ) return 'the action names another writ than the run';
  const pinned = started.capabilities.find(({ name }) => name === action.capability);
  if (pinned?.contract !== action.contract) return 'the action names a contract that is not pinned';
  const intent = actions.intent(action.intent);
  if (intent === undefined) return 'the intent was not proposed before';
  const { capability: asked } = intent;
  const same = asked === undefined || asked === action.capability;
  return same ? undefined : 'the intent asks for another capability';
}

interface Law {
  readonly writ: Writ;
  readonly blobs: BlobReader;
  /** Digest of the manifest that the contract of the action is of. */
  readonly manifest: Digest | undefined;
}

/** What of the action is outside the writ; the law is that of the compiler's stages. */
function whyOutside(
  { action, effects, nowMs, question }: Proposal['body'],
  whole: Action | undefined,
  { writ, blobs, manifest }: Law,
): string | undefined {
  const { notBefore, notAfter } = writ.window;
  if (nowMs < notBefore || nowMs > notAfter) return 'it was decided outside the window of the writ';
  const grant = writ.grants.find(({ capability }) => capability === action.capability);
  if (grant === undefined) return `the writ does not grant ${action.capability}`;
  const asked = question === undefined ? null : readContent(question, blobs);
  const judged = asked === undefined ? onArguments(grant) : grant;
  const programs = textsIn(asked, 'programs') ?? [];
  const hosts = textsIn(asked, 'hosts');
  const args = whole?.normalisedArgs;
  const unmet = args && unmetPredicate(judged, { args, programs, hosts, manifest });
  if (unmet !== undefined) return `outside the grant: ${subjectOf(unmet)}`;
  const more = effects.find((effect) => effect !== 'pure' && !writ.effects.includes(effect));
  return more === undefined ? undefined : `the writ does not permit the effect ${more}`;
}

/** What can be judged of a grant where the question to policy, which has all else, is not at hand. */
function onArguments(grant: Grant): Grant {
  return {
    ...grant,
    where: grant.where.filter((predicate) => 'arg' in predicate || predicate.op === 'manifest-in'),
  };
}

/** The programs or the hosts that policy was told of; undefined where it was told of none. */
function textsIn(question: Json | undefined, member: string): readonly string[] | undefined {
  const context = isJsonObject(question) ? question['context'] : undefined;
  const texts = isJsonObject(context) ? context[member] : undefined;
  if (!Array.isArray(texts)) return undefined;
  return texts.every((text) => typeof text === 'string') ? texts : undefined;
}
