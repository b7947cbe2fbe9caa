import { dimensions } from '../account/index.ts';
import { contextFacts, readQuestion, type Question } from '../compiler/index.ts';
import { isJsonObject, recordText, type Json } from '../encoding/index.ts';
import {
  contractsWithoutLabels,
  contractsWithoutRepository,
  type Body,
  type Entry,
} from '../ledger/index.ts';
import { readContent } from './blob-reader.ts';
import { budgetLeft } from './budget-check.ts';
import { Exposure } from './exposure.ts';
import { type RunContext } from './run-context.ts';

type Proposal = Entry<'proposal.staged' | 'proposal.suspended' | 'proposal.rejected'>;

/** Of one run: what policy was asked is what the entries before it give. */
export class QuestionCheck {
  /** What the run may have seen, up to the entry that was taken last. */
  readonly exposure = new Exposure();
  /** What is staged last; it is committed before anything else of the run is. */
  private staged: Body<'proposal.staged'> | undefined;

  /** Takes an entry before it is folded. */
  take(entry: Entry, context: RunContext): void {
    if (isProposal(entry)) this.check(entry, context);
    if (entry.kind === 'proposal.staged') this.staged = entry.body;
    if (entry.kind === 'commit') this.checkRemoval(entry.body, context);
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

  private check(entry: Proposal, context: RunContext): void {
    const { state, blobs, tell } = context;
    const { started } = state;
    if (started === undefined || contractsWithoutLabels.includes(started.contractDigest)) return;
    const { question: recorded } = entry.body;
    if (recorded === undefined) {
      if (entry.kind !== 'proposal.rejected') tell('question.misstated', 'it is not recorded');
      return;
    }
    const whole = readContent(recorded, blobs);
    if (whole === undefined) {
      tell('content.unread', 'what policy was asked was not given');
      return;
    }
    const question = readQuestion(whole);
    const wrong = question === undefined ? 'form' : this.wrongIn(question, entry, context);
    if (wrong !== undefined) tell('question.misstated', `policy was asked with another ${wrong}`);
  }

  private wrongIn(
    { capability, context: asked }: Question,
    { kind, body }: Proposal,
    context: RunContext,
  ): string | undefined {
    const { state, actions, authority } = context;
    const is = (member: string, value: Json): boolean =>
      recordText(asked[member] ?? null) === recordText(value);
    const { counts, started } = state;
    const { labels, egressAfterUntrusted } = this.exposure;
    const { commits, refusals } = counts;
    const depth = Math.max(0, authority.writs.chain(started?.writ ?? '').length - 1);
    if (!is('facts', contextFacts({ labels, egressAfterUntrusted, commits, refusals, depth }))) {
      return 'history';
    }
    const repository = started?.workspace.repository ?? null;
    const isOfBefore =
      started !== undefined && contractsWithoutRepository.includes(started.contractDigest);
    const mayLack = asked['repository'] === undefined && isOfBefore && !authority.scopesPolicies;
    if (!mayLack && !is('repository', repository)) return 'repository';
    if (!is('labels', [...labels])) return 'label';
    if (!is('depth', depth)) return 'depth';
    if (!is('timeMs', body.nowMs)) return 'time';
    if (kind !== 'proposal.rejected' && !is('effects', [...body.effects])) return 'effect';
    const intent = kind === 'proposal.rejected' ? body.intent : body.action.intent;
    const wanted = actions.intent(intent ?? '')?.capability;
    if (wanted !== undefined && wanted !== capability.name) return 'capability';
    if (kind !== 'proposal.rejected') {
      if (capability.manifest !== authority.manifestOf(body.action.contract)) return 'manifest';
    }
    return this.wrongBudget(asked['left'], context);
  }

  private wrongBudget(told: unknown, context: RunContext): string | undefined {
    const left = budgetLeft(context);
    if (left === undefined) return undefined;
    const amounts = isJsonObject(told) ? (told as Record<string, Json>) : {};
    return dimensions.some((each) => amounts[each] !== left[each]) ? 'budget' : undefined;
  }
}

function isProposal(entry: Entry): entry is Proposal {
  const { kind } = entry;
  return (
    kind === 'proposal.staged' || kind === 'proposal.suspended' || kind === 'proposal.rejected'
  );
}
