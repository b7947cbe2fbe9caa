import { actionDigest } from '@chancery/kernel/compiler';
import type { Digest, Signer } from '@chancery/kernel/encoding';
import { Authority } from '@chancery/runtime/authority';
import {
  lapseOf,
  passOn,
  readAction,
  liftable,
  readApproval,
  type ReadApproval,
  recordVote,
  type Voted,
} from '@chancery/runtime/broker';
import { Journal } from '@chancery/runtime/journal';
import { foldRunState, type LedgerSource } from '@chancery/runtime/snapshots';
import { openClock } from '../compose/house.ts';
import { signingKey } from '../compose/keys.ts';
import { exitCodes, granted, refuse } from '../exit.ts';
import { redactedSaying } from '../secrets/guarding.ts';
import { agreedPlan } from '../rollback/agreed-plan.ts';
import { notifyNow } from '../notifications/telling.ts';
import { isDriven } from '../runs/driven.ts';
import { showHeldAction, type HeldAction } from './held-action.ts';
import { writing, type OpenLedger } from '../opening.ts';
import { ownName } from '../own-name.ts';
import { findHeldAction, findSuspended, taskOf } from '../runs/reading.ts';
import { readDuration } from '../quantities.ts';
import type { CommonFlags, Session } from '../session.ts';
import { remember, ruleFor } from '../remembered/remembering.ts';
import { showLifting, tellGrant } from '../remembered/grant.ts';
import { askYes, canAsk } from '../terminal/ask.ts';

export interface VoteFlags extends CommonFlags {
  readonly key?: string;
  readonly reason: string;
  readonly yes?: boolean;
  readonly remember?: boolean;
  /** How long what is remembered lifts the hold. */
  readonly for?: string;
}

/** How long something is remembered where nobody says. */
const usualTime = '30d';

/** The longest: who approved something should be asked again before everybody has forgotten it. */
const longestDays = 90;

export interface Ballot {
  readonly named: string;
  readonly vote: 'grant' | 'deny';
  readonly flags: VoteFlags;
}

/** Shows a held action, asks, signs a vote about it and has it recorded. */
export async function vote(session: Session, ballot: Ballot): Promise<number> {
  const { home, terminal, json } = session;
  const { named, flags } = ballot;
  if (flags.yes !== true && (json || !canAsk())) {
    refuse('usage.invalid', 'nobody can be asked here: pass --yes to vote without a question');
  }
  if (flags.for !== undefined && flags.remember !== true) {
    refuse('usage.invalid', '--for tells how long something is remembered: say --remember too');
  }
  const forMs = granted(readDuration(flags.for ?? usualTime));
  if (forMs > longestDays * 86_400_000) {
    refuse('usage.invalid', `what is approved is remembered for ${longestDays} days at most`, {
      remedy: `Say --for ${longestDays}d or less; what is to be permitted for good is a policy.`,
    });
  }
  return writing(home, async (open) => {
    const action = await findHeldAction(open, named);
    await passOnLapsed(session, open, { action, key: flags.key });
    const held = await heldAction(open, action);
    const rule = flags.remember === true ? await ruleFor(open, held, forMs) : undefined;
    if (!json) showHeldAction(terminal, held);
    if (!json && rule !== undefined) showLifting(terminal, rule);
    if (flags.yes !== true && !(await askYes(questionOf(ballot)))) {
      terminal.line('Nothing was recorded.');
      return exitCodes.failed;
    }
    const voter = granted(await signingKey(session, flags.key));
    const outcome = await record(session, open, { ...ballot, action, voter });
    const driven = await isDriven(home, held.run);
    tell(session, { held, outcome, driven, vote: ballot.vote, voter: voter.id });
    if (rule !== undefined && outcome === 'granted') {
      const nowMs = (await openClock(0)).nowMs();
      tellGrant(session, await remember(open, rule, { action, voter }), nowMs);
    }
    await notifyNow(session, open);
    return exitCodes.ok;
  });
}

function questionOf({ vote: answer, flags }: Ballot): string {
  if (answer === 'deny') return 'Deny this?';
  return flags.remember === true ? 'Approve this, and remember it?' : 'Approve this?';
}

/** What nobody has decided in time is for another channel to answer: that is what is shown and voted on. */
async function passOnLapsed(
  session: Session,
  open: OpenLedger,
  { action, key }: { readonly action: Digest; readonly key: string | undefined },
): Promise<void> {
  const { store, ledger } = open;
  const clock = await openClock(0);
  const read = await readApproval(store, action);
  if (lapseOf(read.approval, clock.nowMs()) !== 'escalated') return;
  const by = granted(await signingKey(session, key)).id;
  const proposer = await proposerOf(open, read);
  const journal = new Journal({ store, ledger, by, clock });
  if (!(await passOn({ journal, authority: new Authority(store, ledger), proposer }, read))) return;
  await notifyNow(session, open);
}

/** Refuses `approval.unknown`, `approval.closed` and `ledger.corrupt`. */
async function heldAction(open: OpenLedger, action: Digest): Promise<HeldAction> {
  const { store } = open;
  const { approval } = await readApproval(store, action);
  if (approval.phase === 'none') refuse('approval.unknown', `nobody was asked about ${action}`);
  if (approval.phase === 'resolved') {
    refuse('approval.closed', `the request about ${action.slice(0, 12)} is ${approval.outcome}`);
  }
  const { request } = approval;
  const run = request.run.slice('run:'.length);
  const proposal = await findSuspended(store, run, action);
  const { started } = (await foldRunState(open, request.run)).state;
  if (proposal === undefined || started === undefined) {
    refuse('ledger.corrupt', `the request about ${action} belongs to no held action`);
  }
  // What is shown must be what is signed: entries are not verified on the way here.
  const whole = await readAction(open, proposal.action);
  if (actionDigest(whole) !== action || request.action !== action) {
    refuse('ledger.corrupt', `what is recorded as the action ${action} is another one`);
  }
  const { worktree } = started.workspace;
  const task = await taskOf(open, started);
  const plan = await agreedPlan(open, request.run, started);
  const lifted = liftable(whole, started.protectedPaths);
  return { run, task, worktree, proposal, action: whole, request, lifted, plan };
}

interface Cast extends Ballot {
  readonly action: Digest;
  readonly voter: Signer;
}

async function record(
  session: Session,
  open: OpenLedger,
  { action, vote: answer, voter, flags }: Cast,
): Promise<Voted> {
  const { store, ledger } = open;
  const clock = await openClock(0);
  const reason = await redactedSaying(session, flags.reason);
  const proposer = await proposerOf(open, await readApproval(store, action));
  const authority = new Authority(store, ledger);
  const ballot = { action, proposer, vote: answer, reason, voter };
  return granted(await recordVote({ store, ledger, clock, authority }, ballot));
}

async function proposerOf(source: LedgerSource, { approval }: ReadApproval): Promise<string> {
  if (approval.phase === 'none') return '';
  const { state } = await foldRunState(source, approval.request.run);
  return state.started?.actor ?? '';
}

interface Told {
  readonly held: HeldAction;
  readonly outcome: Voted;
  readonly driven: boolean;
  readonly vote: 'grant' | 'deny';
  readonly voter: string;
}

function tell({ terminal, json, env }: Session, told: Told): void {
  const { held, outcome, driven, voter } = told;
  const action = held.proposal.actionDigest;
  const next = outcome === 'pending' || driven ? [] : [`${ownName(env)} resume ${held.run}`];
  if (json) {
    terminal.json({
      type: 'vote',
      run: held.run,
      action,
      vote: told.vote,
      voter,
      outcome,
      driven,
      next,
    });
    return;
  }
  const words: Readonly<Record<Voted, string>> = {
    granted: 'Approved',
    denied: 'Denied',
    pending: `Your vote is recorded; ${held.request.quorum.m} are needed`,
  };
  terminal.line(`${words[outcome]}, signed by ${voter}.`);
  if (driven) terminal.line('The run goes on by itself.');
  for (const command of next) terminal.line(`Nobody drives the run now: ${command}`);
}
