import { isJsonObject, recordText, type Digest } from '../encoding/index.ts';
import { contractsWithoutPlans, type Body, type Entry, type Kind } from '../ledger/index.ts';
import { savepointKey, workspaceKey } from '../world/index.ts';
import { readContent, type BlobReader } from './blob-reader.ts';
import type { RunContext } from './run-context.ts';
import { undoPlanDigest } from './undo-plan.ts';

type Plan = Body<'compensation.planned'>;

/** What is wrong with an entry; undefined where nothing is. */
type Check<K extends Kind = Kind> = (
  undoing: Undoing,
  entry: Entry<K>,
  context: RunContext,
) => string | undefined;

const checks: { readonly [K in Kind]?: Check<K> } = {
  'run.started': (_undoing, { body }) => wrongStart(body),
  'run.branched': (undoing, { body }) => undoing.begin(body),
  'compensation.planned': (undoing, { body }, context) => undoing.planned(body, context),
  'intent.proposed': (undoing, { body }, context) => undoing.proposed(body, context),
  commit: (undoing, { body }, context) => undoing.committed(body, context),
  'compensation.finished': (undoing, { body }) => undoing.finished(body),
  'run.finished': (undoing, { body }, context) => undoing.ended(body, context),
};

/** Of one run: what it says to undo is there to be undone, and it does that, in that order. */
export class CompensationCheck {
  private readonly undoing = new Undoing();

  /** Takes an entry before it is folded. */
  take(entry: Entry, context: RunContext): void {
    const check = checks[entry.kind] as Check | undefined;
    const wrong = check?.(this.undoing, entry, context);
    if (wrong !== undefined) context.tell('compensation.misstated', wrong);
  }
}

/** How far a run has come with what it is to undo. */
class Undoing {
  private source: Body<'run.branched'> | undefined;
  private plan: Plan | undefined;
  private done = 0;
  private concluded = false;

  begin(source: Body<'run.branched'>): undefined {
    this.source = source;
  }

  planned(plan: Plan, { state, pastOf, blobs }: RunContext): string | undefined {
    const { source } = this;
    const { agent, rollback } = state.started ?? {};
    if (agent?.kind !== 'rollback' || rollback === undefined)
      return 'the run was not started to undo another';
    if (source === undefined || this.plan !== undefined) return 'it is not what a run begins with';
    this.plan = plan;
    const misplaced = rollback.undoneFirst?.find(
      (stream) => !undoesWhatGoesOn(stream, { source: source.source, to: rollback.to }, pastOf),
    );
    if (misplaced !== undefined)
      return `${misplaced} undoes no run that goes on from the other one`;
    if (isOther(plan, rollback.undoing, blobs)) return 'another plan was agreed to';
    const past = pastOf(source.source);
    const undone = plan.steps.flatMap((step) => step.commits);
    if (new Set(undone).size !== undone.length) return 'a commit is to be undone twice';
    const alien = [...undone, ...plan.lasting.map(({ entry }) => entry)].find(
      (seq) => seq <= rollback.to || seq > source.seq || past?.hasEffect(seq) !== true,
    );
    if (alien !== undefined) return `entry ${alien} of the other run did nothing to undo`;
    const again = undone.find((seq) => past?.wasUndone(seq) === true);
    if (again !== undefined) return `entry ${again} of the other run was undone before`;
    const told = new Set([...undone, ...plan.lasting.map(({ entry }) => entry)]);
    const missing = past?.left.find(
      (seq) => seq > rollback.to && seq <= source.seq && !told.has(seq),
    );
    return missing === undefined
      ? undefined
      : `entry ${missing} of the other run left the machine, and is neither undone nor told to stay`;
  }

  proposed({ origin, intent }: Body<'intent.proposed'>, { blobs }: RunContext): string | undefined {
    if (origin !== 'rollback') return undefined;
    const step = this.plan?.steps[this.done];
    if (step === undefined) return 'the plan has no such step';
    const [wanted, args] = [readContent(intent, blobs), readContent(step.args, blobs)];
    // That a content is not there is told where it is asked for.
    if (wanted === undefined || args === undefined) return undefined;
    const isPlanned =
      isJsonObject(wanted) &&
      wanted['capability'] === step.capability &&
      wanted['args'] !== undefined &&
      recordText(wanted['args']) === recordText(args);
    return isPlanned ? undefined : 'the plan has another step';
  }

  committed({ compensates }: Body<'commit'>, { state, pastOf }: RunContext): string | undefined {
    const step = this.plan?.steps[this.done];
    if (this.plan === undefined) {
      return compensates === undefined ? undefined : 'it undoes what no plan tells of';
    }
    this.done += 1;
    const early = state.started?.rollback?.undoneFirst?.find(
      (stream) => pastOf(stream)?.outcome !== 'succeeded',
    );
    if (early !== undefined) return `${early} had not succeeded, which comes first`;
    if (this.source !== undefined && compensates !== undefined) {
      pastOf(this.source.source)?.undo(compensates);
    }
    const isPlanned =
      step !== undefined && recordText([...(compensates ?? [])]) === recordText([...step.commits]);
    return isPlanned ? undefined : 'it undoes something else than the plan says';
  }

  finished({ done, left }: Body<'compensation.finished'>): string | undefined {
    const steps = this.plan?.steps.length;
    this.concluded = true;
    return done === this.done && done + left === steps
      ? undefined
      : `${this.done} of ${steps ?? 0} steps were done`;
  }

  ended(
    { outcome, tree }: Body<'run.finished'>,
    { state, pastOf }: RunContext,
  ): string | undefined {
    const rollback = state.started?.rollback;
    if (rollback === undefined || outcome !== 'succeeded') return undefined;
    const isWhole = this.concluded && this.done === this.plan?.steps.length;
    if (!isWhole || this.source === undefined) return 'it did not succeed: not all was undone';
    const then = pastOf(this.source.source)?.momentAt(rollback.to)?.world;
    const { toSavepoint: savepoint } = rollback;
    const key = savepoint === undefined ? workspaceKey : savepointKey(savepoint);
    const isAsThen = then?.cells.get(key)?.value === tree;
    return isAsThen ? undefined : 'it did not succeed: the files are not what they were';
  }
}

/** A run without an agent undoes another, by a plan that was agreed to; a run with one undoes none. */
function wrongStart({ agent, rollback, contractDigest }: Body<'run.started'>): string | undefined {
  if ((agent.kind === 'rollback') !== (rollback !== undefined)) {
    return rollback === undefined
      ? 'it says of no run that it undoes it, and has no agent'
      : 'it has an agent, and is to undo another run';
  }
  const mayLack = rollback?.undoing !== undefined || contractsWithoutPlans.includes(contractDigest);
  return rollback === undefined || mayLack ? undefined : 'it names no plan that was agreed to';
}

/** Whether a run undoes one that goes on, or whose source does, from another after an entry of it. */
function undoesWhatGoesOn(
  stream: string,
  { source, to }: { readonly source: string; readonly to: number },
  pastOf: RunContext['pastOf'],
): boolean {
  const undoing = pastOf(stream)?.from;
  if (undoing?.undoes !== true) return false;
  let from = pastOf(undoing.source)?.from;
  while (from !== undefined && from.source !== source) from = pastOf(from.source)?.from;
  return from !== undefined && from.seq > to;
}

/** Whether a plan is not the agreed one. Where arguments are gone nobody can tell; those of the intents are told. */
function isOther({ steps, lasting }: Plan, agreed: Digest | undefined, blobs: BlobReader): boolean {
  const read = steps.flatMap(({ commits, capability, args }) => {
    const value = readContent(args, blobs);
    return value === undefined ? [] : [{ commits, capability, args: value }];
  });
  if (agreed === undefined || read.length < steps.length) return false;
  return undoPlanDigest({ steps: read, lasting }) !== agreed;
}
