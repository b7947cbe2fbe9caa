import { contextFacts, readQuestion } from '../compiler/index.ts';
import { isJsonObject } from '../encoding/index.ts';
import {
  contractsWithoutLabels,
  contractsWithoutRepository,
  type Body,
  type Entry,
} from '../ledger/index.ts';
import { AnswerCheck } from './answer-check.ts';
import { readContent } from './blob-reader.ts';
import { budgetLeft } from './budget-check.ts';
import { Exposure } from './exposure.ts';
import {
  areSame,
  factsIn,
  holdsOf,
  tellsUndoing,
  wrongFact,
  type AskedOf,
} from './question-facts.ts';
import type { Decided } from './decision-check.ts';
import { checkRelease } from './release-check.ts';
import type { Proposal } from './proposal.ts';
import type { RunContext } from './run-context.ts';

/** Of one run: what policy was asked is what the entries before it give. */
export class QuestionCheck {
  /** What the run may have seen, up to the entry that was taken last. */
  readonly exposure = new Exposure();
  private readonly answers = new AnswerCheck();
  /** What is staged last; it is committed before anything else of the run is. */
  private staged: Body<'proposal.staged'> | undefined;

  /** Takes an entry before it is folded. */
  take(entry: Entry, context: RunContext): void {
    const decided = isProposal(entry) ? this.check(entry, context) : undefined;
    if (entry.kind === 'proposal.staged') checkRelease(entry, decided, context);
    if (entry.kind === 'proposal.staged') this.staged = entry.body;
    if (entry.kind === 'commit') this.checkRemoval(entry.body, context);
    this.answers.take(entry);
    this.exposure.take(entry);
  }

  /** A label is taken away by the action that asked for that very one, and only if a human was asked. */
  private checkRemoval(body: Body<'commit'>, { blobs, tell }: RunContext): void {
    if (body.unlabelled === undefined) return;
    if (this.exposure.removedBy(body) === undefined) {
      tell('question.misstated', 'a label was taken away that no human was asked about');
      return;
    }
    const { staged } = this;
    if (staged?.actionDigest !== body.action) return;
    const args = readContent(staged.action.normalisedArgs, blobs);
    if (args === undefined) tell('content.unread', 'the label to be taken away was not given');
    else if (!isJsonObject(args) || args['label'] !== body.unlabelled) {
      tell('question.misstated', 'another label was taken away than was asked for');
    }
  }

  /** What it comes to when it is decided anew; undefined where that could not be done. */
  private check(entry: Proposal, context: RunContext): Decided | undefined {
    const { state, blobs, decisions, tell } = context;
    const { started } = state;
    if (started === undefined || contractsWithoutLabels.includes(started.contractDigest)) {
      return undefined;
    }
    const { question: recorded, trace } = entry.body;
    if (recorded === undefined) {
      const isAsked = entry.kind !== 'proposal.rejected' || trace.policy !== 'unreached';
      if (isAsked) tell('question.misstated', 'it is not recorded');
      return undefined;
    }
    const whole = readContent(recorded, blobs);
    if (whole === undefined) {
      tell('content.unread', 'what policy was asked was not given');
      return undefined;
    }
    const question = readQuestion(whole);
    const facts = question && factsIn(question);
    if (question === undefined || facts === undefined) {
      tell('question.misstated', 'policy was asked with another form');
      return undefined;
    }
    const asked = { question, facts, started };
    const wrong = this.wrongHistory(asked, entry, context) ?? wrongFact(asked, entry, context);
    if (wrong !== undefined) {
      tell('question.misstated', `policy was asked with another ${wrong}`);
      return undefined;
    }
    if (!tellsUndoing(asked, context)) {
      tell('decision.misstated', 'its contract says otherwise whether its effect can be undone');
      return undefined;
    }
    const builtIn = holdsOf(asked);
    if (builtIn.map(({ rule }) => rule).join() !== question.holds.join()) {
      tell('question.misstated', 'the action is held by something else besides policy');
      return undefined;
    }
    return decisions.check(entry, { question, builtIn }, { ...context, answers: this.answers });
  }

  /** What of it is not what the entries before it give. */
  private wrongHistory(
    { question: { context: asked }, started }: AskedOf,
    { body }: Proposal,
    context: RunContext,
  ): string | undefined {
    const { state, authority } = context;
    const { counts } = state;
    const { labels, egressAfterUntrusted } = this.exposure;
    const { commits, refusals } = counts;
    const depth = Math.max(0, authority.writs.chain(started.writ).length - 1);
    const facts = contextFacts({ labels, egressAfterUntrusted, commits, refusals, depth });
    if (!hasExactly(asked['facts'], facts)) return 'history';
    const { repository } = started.workspace;
    const isOfBefore = contractsWithoutRepository.includes(started.contractDigest);
    const mayLack = asked['repository'] === undefined && isOfBefore && !authority.scopesPolicies;
    if (!mayLack && asked['repository'] !== repository) return 'repository';
    if (!areSame(asked['labels'], labels)) return 'label';
    if (asked['depth'] !== depth) return 'depth';
    if (asked['timeMs'] !== body.nowMs) return 'time';
    return this.wrongBudget(asked['left'], context);
  }

  private wrongBudget(told: unknown, context: RunContext): string | undefined {
    const left = budgetLeft(context);
    return left === undefined || hasExactly(told, left) ? undefined : 'budget';
  }
}

function hasExactly(told: unknown, facts: object): boolean {
  if (!isJsonObject(told)) return false;
  const wanted = Object.entries(facts);
  if (Object.keys(told).length !== wanted.length) return false;
  return wanted.every(([name, value]) => told[name] === value);
}

function isProposal(entry: Entry): entry is Proposal {
  const { kind } = entry;
  return (
    kind === 'proposal.staged' || kind === 'proposal.suspended' || kind === 'proposal.rejected'
  );
}
