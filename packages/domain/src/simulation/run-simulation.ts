import {
  policyRequest,
  readQuestion,
  stageNames,
  type Question,
  type StageName,
} from '@chancery/kernel/compiler';
import type { Digest, Json, KeyId } from '@chancery/kernel/encoding';
import type { Content } from '@chancery/kernel/ledger';
import { areSameMarks } from '@chancery/kernel/policy';
import type { Proposal, Redecision, Ruling, TrialSets } from './model.ts';
import { areAlike, isReproduced, recordedRuling, rulingOf } from './ruling.ts';

/** The recorded question of a proposal; undefined where none was recorded. */
export function questionOf({ body }: Proposal): Content | undefined {
  return body.question;
}

/**
 * Makes the decisions of one run again, in their order. Up to the first flip that would have changed
 * what happened, the recorded questions are those that would have been asked, their facts included;
 * what follows is not decided, for nobody knows what the agent would have done.
 */
export class RunSimulation {
  private readonly actor: KeyId;
  private isDiverged = false;
  /** An action that would have been permitted at once, while a human was asked. */
  private awaited: { readonly action: Digest; readonly intent: Digest } | undefined;

  constructor(actor: KeyId) {
    this.actor = actor;
  }

  /** Takes the next proposal. `asked` is its recorded question; undefined where it cannot be read. */
  advance(proposal: Proposal, asked: Json | undefined, sets: TrialSets): Redecision {
    if (this.isDiverged) return { kind: 'diverged' };
    if (this.awaited !== undefined) return this.answer(this.awaited, proposal);
    const stage = refusedBefore(proposal);
    if (stage !== undefined) return { kind: 'undecided', stage };
    const question = asked === undefined ? undefined : readQuestion(asked);
    if (question === undefined) return { kind: 'unreadable' };
    // A human's no, or a time that ran out, stands whatever policy says.
    if (isAnswered(proposal)) return { kind: 'same', otherRules: false };
    return this.redecide(proposal, question, sets);
  }

  private redecide(proposal: Proposal, question: Question, sets: TrialSets): Redecision {
    const request = policyRequest(question, this.actor);
    const verdict = sets.tried.decide(request);
    const active = () => sets.active.decide(request);
    const before = recordedRuling(proposal, question, active);
    const after = rulingOf(verdict, question);
    if (areAlike(before, after)) {
      return { kind: 'same', otherRules: !areSameMarks(proposal.body.rules, verdict.rules) };
    }
    // Only where something flips: else it makes no difference what the recorded set says today.
    if (!isReproduced(proposal, { question, before, active: active() })) {
      return { kind: 'unreproduced' };
    }
    this.follow(proposal, before, after);
    return { kind: 'flipped', capability: question.capability.name, before, after };
  }

  /** What a flip makes of what follows. */
  private follow(proposal: Proposal, before: Ruling, after: Ruling): void {
    const isWaiver = before.verdict === 'hold' && after.verdict === 'permit';
    if (isWaiver && proposal.kind === 'proposal.suspended') {
      const { actionDigest: action, action: recorded } = proposal.body;
      this.awaited = { action, intent: recorded.intent };
    } else if (!(isWaiver && proposal.kind === 'proposal.staged')) {
      this.isDiverged = true;
    }
  }

  /** Where a human lets the action pass, all is as if nobody had been asked. */
  private answer(awaited: { readonly action: Digest }, proposal: Proposal): Redecision {
    const isOfIt =
      proposal.kind !== 'proposal.rejected' && proposal.body.actionDigest === awaited.action;
    if (!isOfIt) {
      this.isDiverged = true;
      return { kind: 'diverged' };
    }
    if (proposal.kind === 'proposal.staged') this.awaited = undefined;
    return { kind: 'moot' };
  }
}

const atPolicy = stageNames.indexOf('policy');

/** The stage that refused before policy was asked; undefined where it was asked. */
export function refusedBefore({ kind, body }: Proposal): StageName | undefined {
  if (kind !== 'proposal.rejected') return undefined;
  return stageNames.slice(0, atPolicy).find((name) => body.trace[name] === 'refuse');
}

function isAnswered({ kind, body }: Proposal): boolean {
  return kind === 'proposal.rejected' && body.trace.holds === 'refuse';
}
