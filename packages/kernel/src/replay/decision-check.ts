import { policyRequest, requiredHold, type Hold, type Question } from '../compiler/index.ts';
import type { Digest } from '../encoding/index.ts';
import {
  areSameMarks,
  compilePolicySet,
  type ActiveSet,
  type PolicyVerdict,
  type RunPolicies,
} from '../policy/index.ts';
import type { Result } from '../refusal/index.ts';
import type { AnswerCheck } from './answer-check.ts';
import type { AuthorityCheck } from './authority-check.ts';
import type { ApprovalCheck } from './approval-check.ts';
import type { FindingCode } from './finding.ts';
import type { Proposal } from './proposal.ts';
import type { RunActions } from './run-actions.ts';
import type { RunState } from './run-state.ts';

/** The run that a decision was made in, as far as it is compared. */
interface DecidingRun {
  readonly state: RunState;
  readonly actions: RunActions;
  readonly authority: AuthorityCheck;
  /** Policies of the run alone; undefined where they were not given. */
  readonly own: RunPolicies | undefined;
  readonly approvals: ApprovalCheck;
  readonly answers: AnswerCheck;
  readonly tell: (code: FindingCode, message: string) => void;
}

/** Sets that are kept compiled: policies are put back to what they were. */
const mostSets = 16;

/** What was decided anew about a proposal. */
export interface Decided {
  /** What holds it at its place; undefined where nothing does. */
  readonly hold: Hold | undefined;
}

/** Of a ledger: what policy is recorded to have answered is what its active set answers. */
export class DecisionCheck {
  private readonly sets = new Map<Digest, Result<ActiveSet>>();

  /**
   * Decides a recorded question again. `builtIn`: what holds the action whatever policy says. Undefined
   * where it comes to something else than is recorded, and where a bundle of the active set, or of the
   * run, was not given: that is told where it is recorded.
   */
  check(
    proposal: Proposal,
    { question, builtIn }: { readonly question: Question; readonly builtIn: readonly Hold[] },
    context: DecidingRun,
  ): Decided | undefined {
    const { state, actions, authority, approvals, own, answers, tell } = context;
    const set = this.activeSet(authority);
    if (set === undefined || own === undefined || state.started === undefined) return undefined;
    if (!set.ok) {
      tell('policy.invalid', `the active policies make no set: ${set.refusal.message}`);
      return undefined;
    }
    const verdict = set.value.narrowedBy(own).decide(policyRequest(question, state.started.actor));
    const hold = requiredHold(verdict, builtIn);
    const deciding = { authority, approvals, actions, proposer: state.started.actor };
    const wrong =
      whyMisstated(proposal, verdict, hold) ??
      (proposal.kind === 'proposal.rejected'
        ? answers.whyMisstated(proposal.body, hold, deciding)
        : undefined);
    if (wrong === undefined) return { hold };
    tell('decision.misstated', wrong);
    return undefined;
  }

  private activeSet({ policySet, bundles }: AuthorityCheck): Result<ActiveSet> | undefined {
    if (policySet === undefined || bundles === undefined) return undefined;
    const known = this.sets.get(policySet);
    if (known !== undefined) return known;
    const compiled = compilePolicySet([...bundles.values()]);
    if (this.sets.size >= mostSets) this.sets.clear();
    this.sets.set(policySet, compiled);
    return compiled;
  }
}

/** How the record of a decision differs from what is decided; undefined where it does not. */
function whyMisstated(
  { kind, body }: Proposal,
  verdict: PolicyVerdict,
  hold: Hold | undefined,
): string | undefined {
  const isRefused = kind === 'proposal.rejected' && body.trace.policy === 'refuse';
  const refuses = verdict.kind === 'deny' || verdict.kind === 'error';
  if (refuses !== isRefused || (!refuses && body.trace.policy !== 'pass')) {
    return `policy says ${verdict.kind}, and that it ${wordFor[body.trace.policy]} is recorded`;
  }
  if (isRefused && body.refusal.code !== `policy.${verdict.kind === 'deny' ? 'denied' : 'error'}`) {
    return `policy says ${verdict.kind}, and ${body.refusal.code} is recorded`;
  }
  if (!areSameMarks(body.rules, verdict.rules)) return 'other rules matter than are recorded';
  if (kind !== 'proposal.suspended') return undefined;
  const { channel, quorum, rule, reason } = body.hold;
  if (hold === undefined) return 'nothing holds it';
  if (hold.channel === channel && hold.quorum === quorum && hold.rule === rule) {
    return hold.reason === reason ? undefined : 'another reason to hold it is recorded';
  }
  return `${hold.rule} holds it, for ${hold.quorum} on the channel ${hold.channel}`;
}

const wordFor = { pass: 'let pass', refuse: 'refused', hold: 'held', unreached: 'was not asked' };
