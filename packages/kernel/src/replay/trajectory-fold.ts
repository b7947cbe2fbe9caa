import type { Amounts } from '../account/index.ts';
import type { Digest } from '../encoding/index.ts';
import type { Body, Entry, Head, Kind, SealedEntry } from '../ledger/index.ts';
import type { World } from '../world/index.ts';
import type { Execution, ExecutionPhase } from './execution.ts';
import { Exposure } from './exposure.ts';
import { openRunState, type RunState } from './run-state.ts';

/** The state behind a `Trajectory`, see there. */
export class TrajectoryFold {
  readonly state: RunState;
  last: Digest | undefined;
  answered: Digest | undefined;
  planned: Body<'compensation.planned'> | undefined;
  readonly nonces = new Map<string, Digest>();
  readonly intents = new Map<Digest, Body<'intent.proposed'>>();
  readonly staged = new Map<Digest, Body<'proposal.staged'>>();
  readonly suspended = new Map<Digest, Body<'proposal.suspended'>>();
  readonly executions = new Map<Digest, Execution>();
  readonly open = new Map<Digest, Body<'execution.started'>>();
  readonly inDoubt = new Set<Digest>();
  readonly commits = new Map<Digest, number>();
  private readonly exposure = new Exposure();
  private readonly depth: number;

  constructor(stream: string, depth: number) {
    this.state = openRunState(stream);
    this.depth = depth;
  }

  get stream(): string {
    return this.state.stream;
  }

  get head(): Head | null {
    return this.state.head;
  }

  get started(): Body<'run.started'> | undefined {
    return this.state.started;
  }

  get finished(): Body<'run.finished'> | undefined {
    return this.state.finished;
  }

  get world(): World {
    return this.state.world;
  }

  get spent(): Amounts {
    return this.state.spent;
  }

  get reserved(): ReadonlyMap<string, Amounts> {
    return this.state.reserved;
  }

  get facts() {
    const { commits, refusals } = this.state.counts;
    const { labels, egressAfterUntrusted } = this.exposure;
    return { labels, egressAfterUntrusted, commits, refusals, depth: this.depth };
  }

  advance(sealed: SealedEntry): void {
    this.state.advance(sealed);
    const step = steps[sealed.entry.kind] as Step | undefined;
    step?.(this, sealed.entry, sealed.digest);
    this.exposure.take(sealed.entry);
    if (sealed.entry.kind !== 'budget.threshold-crossed') this.last = sealed.digest;
  }

  plan(body: Body<'compensation.planned'>, told: Digest): void {
    this.planned = body;
    this.answered = told;
  }

  propose(body: Body<'intent.proposed'>): void {
    const { digest, nonce } = body;
    this.intents.set(digest, body);
    if (nonce !== null && !this.nonces.has(nonce)) this.nonces.set(nonce, digest);
  }

  execute(body: Body<'execution.started'>, told: Digest): void {
    const { action } = body;
    this.open.set(action, body);
    this.inDoubt.delete(action);
    this.executions.set(action, { phase: 'open', started: body, told });
  }

  commit({ body, seq }: Entry<'commit'>): void {
    this.commits.set(body.action, seq);
    this.settle(body.action, 'committed');
  }

  /** The end of an action: what was proposed is of no more use, and would grow with the run. */
  settle(action: Digest, phase: 'committed' | 'failed'): void {
    this.end(action, phase);
    const proposed = this.staged.get(action);
    if (proposed === undefined) return;
    this.staged.delete(action);
    this.suspended.delete(action);
    this.intents.delete(proposed.action.intent);
  }

  doubt(action: Digest, told: Digest): void {
    this.inDoubt.add(action);
    this.turn(action, { phase: 'in-doubt', told });
  }

  reconcile(entry: Entry<'execution.reconciled'>, told: Digest): void {
    const { action, happened } = entry.body;
    const found = { entry, doubted: this.inDoubt.has(action) };
    if (!happened) this.end(action, 'released');
    this.inDoubt.delete(action);
    this.turn(action, { phase: happened ? 'happened' : 'released', told, found });
  }

  end(action: Digest, phase: ExecutionPhase): void {
    this.open.delete(action);
    this.inDoubt.delete(action);
    this.turn(action, { phase });
  }

  private turn(action: Digest, change: Partial<Execution>): void {
    const execution = this.executions.get(action);
    if (execution !== undefined) this.executions.set(action, { ...execution, ...change });
  }
}

type Step<K extends Kind = Kind> = (state: TrajectoryFold, entry: Entry<K>, digest: Digest) => void;

/** What each kind adds to the history of a run; one without a row adds nothing. */
const steps: { readonly [K in Kind]?: Step<K> } = {
  'model.responded': (state, _, digest) => void (state.answered = digest),
  'compensation.planned': (state, { body }, digest) => state.plan(body, digest),
  'intent.proposed': (state, { body }) => state.propose(body),
  'proposal.staged': (state, { body }) => void state.staged.set(body.actionDigest, body),
  'proposal.suspended': (state, { body }) => void state.suspended.set(body.actionDigest, body),
  'execution.started': (state, { body }, digest) => state.execute(body, digest),
  commit: (state, entry) => state.commit(entry),
  'execution.failed': (state, { body }) => state.settle(body.action, 'failed'),
  'execution.in-doubt': (state, { body }, digest) => state.doubt(body.action, digest),
  'execution.reconciled': (state, entry, digest) => state.reconcile(entry, digest),
};
