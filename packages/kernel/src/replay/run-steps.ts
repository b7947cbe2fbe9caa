import { catalogueDigest, type Body, type Entry, type Kind } from '../ledger/index.ts';
import {
  dimensions,
  spendOf,
  sumOf,
  type ModelSpend,
  type TokenPrice,
  type Usage,
} from '../account/index.ts';
import { Fault } from '../refusal/index.ts';
import { whyMispriced } from '../prices/index.ts';
import { checkWord } from '../quorum/index.ts';
import { budgetLeft } from './budget-check.ts';
import { worldDigest, workspaceKey } from '../world/index.ts';
import { checkBranch } from './branch-check.ts';
import { batchStart } from './finding.ts';
import { checkIntent } from './intent-check.ts';
import { checkExecution, checkProposal, checkSet, checkStaged } from './proposal-check.ts';
import type { RunContext } from './run-context.ts';

type Check<K extends Kind> = (entry: Entry<K>, context: RunContext) => void;

const any = (): void => undefined;

/** What is checked of an entry of a run against everything before it. */
export const runChecks = {
  'run.started': checkStart,
  'run.branched': checkBranch,
  'run.finished': checkFinish,
  'turn.started': any,
  'turn.finished': any,
  'budget.threshold-crossed': any,
  'model.requested': any,
  'model.responded': ({ body }, context) => checkResponse(body, context),
  'model.interrupted': ({ body }, context) => checkModelEnd(body, context),
  'intent.proposed': checkIntent,
  'proposal.staged': checkStaged,
  'proposal.suspended': checkProposal,
  'proposal.rejected': any,
  'execution.started': checkExecution,
  commit: ({ body }, context) => checkCommit(body, context),
  'execution.failed': ({ body }, context) => checkFailure(body.action, context),
  'execution.in-doubt': ({ body }, context) => checkOpen(body.action, context),
  'execution.reconciled': checkWordOf,
} as const satisfies { readonly [K in Kind]?: Check<K> };

function checkStart(
  { body, at }: Entry<'run.started'>,
  { state, authority, tell }: RunContext,
): void {
  if (state.head !== null) {
    tell('run.misordered', 'the run was started before');
    return;
  }
  if (body.contractDigest !== catalogueDigest) {
    tell('contract.drift', `the catalogue of kinds was ${body.contractDigest}`);
  }
  checkSet(body.policySetDigest, body, { authority, tell });
  const mispriced = whyMispriced(authority.prices, body, at);
  if (mispriced !== undefined) tell('budget.misstated', mispriced);
  const used = () => ({ reserved: sumOf(state.reserved.values()), spent: state.spent });
  if (!authority.writs.bear(body.writ, state.stream, used)) {
    tell('writ.invalid', 'another run acts under the writ');
  }
  if (authority.trust === undefined) return;
  const without = authority.writs.why(body.writ, body.actor, authority.trust);
  if (without !== undefined) tell('writ.invalid', without);
}

function checkModelEnd(
  { turn, attempt }: { readonly turn: number; readonly attempt: number },
  { state, tell }: RunContext,
): void {
  if (state.reserved.has(`model:${turn}:${attempt}`)) return;
  tell('run.misordered', 'the model was not asked before, or has answered');
}

/** What an answer cost is what it used at the price that the run was started at. */
function checkResponse(body: Body<'model.responded'>, context: RunContext): void {
  checkModelEnd(body, context);
  const { started } = context.state;
  if (started === undefined) return;
  const { tokens, costMicrousd } = spendAt(started.price, body.usage);
  if (body.cost.tokens === tokens && body.cost.costMicrousd === costMicrousd) return;
  context.tell('budget.misstated', `the answer cost ${tokens} tokens, ${costMicrousd} micro-USD`);
}

/** A price and a usage that no account could hold were not recorded by an honest runtime. */
function spendAt(price: TokenPrice, usage: Usage): ModelSpend {
  try {
    return spendOf(price, usage);
  } catch (error) {
    if (error instanceof Fault) return { tokens: -1, costMicrousd: -1 };
    throw error;
  }
}

function checkOpen(action: string, { actions, tell }: RunContext): void {
  if (!actions.of(action).isOpen) tell('run.misordered', 'no execution of it is open');
}

/** What became of an execution in doubt is for a human to say, and to sign. */
function checkWordOf({ body, cause }: Entry<'execution.reconciled'>, context: RunContext): void {
  const { state, actions, ledger, authority, tell } = context;
  const { action, happened, evidence, word } = body;
  checkOpen(action, context);
  const doubted = actions.of(action).inDoubt;
  if (doubted !== (word !== null)) {
    tell('word.invalid', doubted ? 'no human has signed it' : 'nothing was in doubt');
  }
  const { started } = state;
  const { trust } = authority;
  if (word === null || started === undefined || trust === undefined) return;
  const said = { ledger, action, doubt: cause ?? '', happened, evidence };
  const wrong = checkWord(word, said, { trust, proposer: started.actor });
  if (wrong !== undefined) tell('word.invalid', wrong.message);
}

/** What was found not to have happened, and may not happen any more, has failed as well. */
function checkFailure(action: string, context: RunContext): void {
  const { phase } = context.actions.of(action);
  if (phase === 'happened') context.tell('run.misordered', 'it was found to have happened');
  if (phase !== 'released') checkOpen(action, context);
}

function checkCommit(body: Body<'commit'>, context: RunContext): void {
  const { actions, tell } = context;
  checkOpen(body.action, context);
  const { contract, policySet } = actions.of(body.action);
  if (body.contractDigest !== contract) {
    tell('action.mismatch', 'the commit names another contract than the action');
  }
  if (body.policySetDigest !== policySet) {
    tell('policy.mismatch', `it was decided under ${policySet ?? 'no policy'}`);
  }
}

function checkFinish(entry: Entry<'run.finished'>, context: RunContext): void {
  const { body } = entry;
  const { state, authority, gates, place, tell } = context;
  const { world, spent, started, stream } = state;
  const digest = worldDigest(world);
  if (body.worldDigest !== digest) tell('run.misstated', `the world has the digest ${digest}`);
  if (body.tree !== world.cells.get(workspaceKey)?.value) {
    tell('run.misstated', 'the workspace has another tree');
  }
  const wrong = dimensions.find((dimension) => body.spent[dimension] !== spent[dimension]);
  if (wrong !== undefined) tell('run.misstated', `it spent ${spent[wrong]} ${wrong}`);
  gates.check(body, context);
  const left = budgetLeft(context);
  if (started === undefined || left === undefined) return;
  authority.writs.rest(started.writ, stream, { left, batch: batchStart(place.position, entry) });
}
