import { actionFrom, type Action } from '../compiler/index.ts';
import type { Digest } from '../encoding/index.ts';
import type { Entry, ReadEntry } from '../ledger/index.ts';
import { noRunPolicies } from '../policy/index.ts';
import { Fault } from '../refusal/index.ts';
import { worldDigest } from '../world/index.ts';
import type { ApprovalCheck } from './approval-check.ts';
import type { AuthorityCheck } from './authority-check.ts';
import { checkBudget } from './budget-check.ts';
import { CompensationCheck } from './compensation-check.ts';
import type { DecisionCheck } from './decision-check.ts';
import type { DecidedRun } from './drift.ts';
import type { Findings, Place } from './finding.ts';
import { readContent, type BlobReader } from './blob-reader.ts';
import { GateRecord } from './gate-check.ts';
import type { RunContext } from './run-context.ts';
import { ownPolicies } from './own-policies.ts';
import { RunActions } from './run-actions.ts';
import { RunPast } from './run-past.ts';
import { openRunState, type RunState } from './run-state.ts';
import { runStateDigest } from './run-state-json.ts';
import { ThresholdCheck } from './threshold-check.ts';
import { runChecks } from './run-steps.ts';
import { QuestionCheck } from './question-check.ts';
import { RoutingCheck } from './routing-check.ts';
import type { Standing } from './snapshot-check.ts';
import type { ToldCapabilities } from './told-capabilities.ts';

type Changing<T, K extends keyof T> = Omit<T, K> & { -readonly [M in K]: T[M] };

/** What a run has come to, as its entries give it. */
export interface RunSummary {
  readonly stream: string;
  readonly entries: number;
  /** Of the run's last entry that could be folded. */
  readonly worldDigest: Digest;
  /** Undefined while the run goes on. */
  readonly outcome: 'succeeded' | 'failed' | 'cancelled' | 'exhausted' | undefined;
}

export interface RunSurroundings {
  readonly ledger: Digest;
  readonly authority: AuthorityCheck;
  readonly approvals: ApprovalCheck;
  readonly findings: Findings;
  readonly blobs: BlobReader;
  readonly decisions: DecisionCheck;
  readonly capabilities: ToldCapabilities;
  readonly pastOf: RunContext['pastOf'];
}

/** One run: every entry has its place in the life of the run, and agrees with what is before it. */
export class RunCheck {
  private readonly findings: Findings;
  private readonly context: Changing<RunContext, 'place' | 'named' | 'whole' | 'previous' | 'own'>;
  private readonly thresholds: ThresholdCheck;
  private readonly questions = new QuestionCheck();
  private readonly routings = new RoutingCheck();
  private readonly compensations = new CompensationCheck();
  /** How it was at each of its entries. */
  readonly past = new RunPast();
  /** By the action that is held, for what reason the last time. */
  private readonly reasons = new Map<Digest, string>();
  private broken = false;

  constructor(stream: string, surroundings: RunSurroundings) {
    const { findings, ...shared } = surroundings;
    this.findings = findings;
    this.thresholds = new ThresholdCheck(findings);
    this.context = {
      ...shared,
      state: openRunState(stream),
      actions: new RunActions(),
      gates: new GateRecord(),
      place: { stream, seq: 0, position: 0 },
      named: undefined,
      whole: undefined,
      own: noRunPolicies,
      previous: undefined,
      tell: (code, message) => this.findings.add(code, this.context.place, message),
    };
  }

  get state(): RunState {
    return this.context.state;
  }

  /** By the action, for what reason it was held the last time; undefined where that cannot be judged. */
  heldFor(): ReadonlyMap<Digest, string> | undefined {
    return this.broken ? undefined : this.reasons;
  }

  /** What follows an entry that is missing, or that does not fold, cannot be judged. */
  break(): void {
    this.broken = true;
  }

  take(place: Place, sealed: ReadEntry): void {
    if (this.broken) return;
    this.context.place = place;
    this.context.named = sealed.named;
    const { entry } = sealed;
    this.context.whole = this.actionIn(entry);
    const { state, tell } = this.context;
    const { actor } = state.started ?? (entry.kind === 'run.started' ? entry.body : {});
    if (actor === undefined) tell('run.misordered', 'the run is not started');
    else if (entry.by !== actor) tell('entry.misattributed', `the run acts as ${actor}`);
    if (entry.kind === 'run.started') this.context.own = ownPolicies(entry.body, this.context);
    const check = runChecks[entry.kind as keyof typeof runChecks] as
      ((entry: Entry, context: RunContext) => void) | undefined;
    check?.(entry, this.context);
    this.questions.take(entry, this.context);
    this.routings.take(entry, this.context);
    this.compensations.take(entry, this.context);
    const before = state.spent;
    if (this.advance(sealed)) {
      this.past.take(entry, sealed.digest, this.questions.exposure);
      this.takeOlderPolicies(entry);
      checkBudget(entry, this.context);
      this.thresholds.take(entry, before, this.context);
    }
    if (entry.kind === 'proposal.suspended') {
      this.reasons.set(entry.body.actionDigest, entry.body.hold.reason);
    }
    this.context.gates.take(entry, this.context);
    this.context.previous = entry;
  }

  /** Ends the pass over the run. */
  finish(): void {
    this.thresholds.finish();
  }

  summary(): RunSummary {
    const { stream, head, world, finished } = this.state;
    return {
      stream,
      entries: head === null ? 0 : head.seq + 1,
      worldDigest: worldDigest(world),
      outcome: finished?.outcome,
    };
  }

  /** Under what it was decided; its writ is still known, as it is while the run has not ended. */
  decidedUnder(): DecidedRun {
    const { started, decided } = this.state;
    const chain = started === undefined ? [] : this.context.authority.writs.chain(started.writ);
    const signers = chain.map(({ writ }) => writ.issuer);
    return { started, decided, signers: started === undefined ? [] : [started.actor, ...signers] };
  }

  /** Null for a run whose entries could not all be folded. */
  standing(): Standing | null {
    const { state } = this;
    return this.broken ? null : { head: state.head, state: runStateDigest(state) };
  }

  private takeOlderPolicies(entry: Entry): void {
    if (entry.kind !== 'run.branched' || this.state.started?.rollback === undefined) return;
    const undone = this.context.pastOf(entry.body.source);
    if (undone !== undefined) this.past.takeUndone(undone);
  }

  private actionIn({ kind, body }: Entry): Action | undefined {
    if (kind !== 'proposal.staged' && kind !== 'proposal.suspended') return undefined;
    return actionFrom(body.action, (content) => readContent(content, this.context.blobs));
  }

  private advance(sealed: ReadEntry): boolean {
    try {
      this.state.advance(sealed);
      this.context.actions.advance(sealed);
      return true;
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      this.context.tell('world.stale', error.message);
      this.broken = true;
      return false;
    }
  }
}
