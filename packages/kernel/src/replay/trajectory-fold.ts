import { addAmounts, zeroAmounts, type Amounts } from '../account/index.ts';
import { type Digest } from '../encoding/index.ts';
import { type Body, type Entry, type Head, type Kind, type SealedEntry } from '../ledger/index.ts';
import { Fault } from '../refusal/index.ts';
import { workspaceKey, WorldFold, type Delta, type World } from '../world/index.ts';
import { type Execution, type ExecutionPhase } from './execution.ts';

/** The state behind a `Trajectory`, see there. */
export class TrajectoryFold {
  readonly stream: string;
  head: Head | null = null;
  started: Body<'run.started'> | undefined;
  finished: Body<'run.finished'> | undefined;
  spent: Amounts = zeroAmounts;
  answered: Digest | undefined;
  readonly reserved = new Map<string, Amounts>();
  readonly nonces = new Map<string, Digest>();
  readonly intents = new Map<Digest, Body<'intent.proposed'>>();
  readonly staged = new Map<Digest, Body<'proposal.staged'>>();
  readonly suspended = new Map<Digest, Body<'proposal.suspended'>>();
  readonly executions = new Map<Digest, Execution>();
  readonly open = new Map<Digest, Body<'execution.started'>>();
  readonly inDoubt = new Set<Digest>();
  readonly commits = new Map<Digest, number>();
  private readonly worldFold = new WorldFold();
  private readonly depth: number;
  private refusals = 0;

  constructor(stream: string, depth: number) {
    this.stream = stream;
    this.depth = depth;
  }

  get world(): World {
    return this.worldFold.world;
  }

  get facts() {
    return {
      // No entry tells what an observation showed: nothing is claimed of it here.
      readSecret: false,
      sawUntrusted: false,
      commits: this.commits.size,
      refusals: this.refusals,
      depth: this.depth,
    };
  }

  advance({ entry, digest }: SealedEntry): void {
    const seq = this.head === null ? 0 : this.head.seq + 1;
    if (entry.stream !== this.stream || entry.seq !== seq) {
      throw new Fault(
        `entry ${entry.seq} of ${entry.stream} is not entry ${seq} of ${this.stream}`,
      );
    }
    (steps[entry.kind] as Step)(this, entry, digest);
    this.head = { seq, digest };
  }

  start(body: Body<'run.started'>): void {
    this.started = body;
    this.change([{ op: 'put', key: workspaceKey, value: body.workspace.tree, expect: 0 }]);
  }

  propose(body: Body<'intent.proposed'>): void {
    const { digest, nonce } = body;
    this.intents.set(digest, body);
    if (nonce !== null && !this.nonces.has(nonce)) this.nonces.set(nonce, digest);
  }

  refuse(): void {
    this.refusals += 1;
  }

  /** Starts an attempt. One before it whose end nobody recorded pays all that it reserved. */
  execute(body: Body<'execution.started'>, told: Digest): void {
    const { action } = body;
    if (this.open.has(action)) this.settle(action, this.reserved.get(action) ?? zeroAmounts);
    this.reserved.set(action, body.reserved);
    this.open.set(action, body);
    this.inDoubt.delete(action);
    this.executions.set(action, { phase: 'open', started: body, told });
  }

  commit({ body, seq }: Entry<'commit'>): void {
    this.change(body.delta);
    this.commits.set(body.action, seq);
    this.end(body.action, 'committed', body.cost);
  }

  fail(body: Body<'execution.failed'>): void {
    this.change(body.delta);
    this.end(body.action, 'failed', body.cost);
  }

  doubt(action: Digest, told: Digest): void {
    this.inDoubt.add(action);
    this.turn(action, { phase: 'in-doubt', told });
  }

  reconcile(entry: Entry<'execution.reconciled'>, told: Digest): void {
    const { action, happened } = entry.body;
    const found = { entry, doubted: this.inDoubt.has(action) };
    if (!happened) this.end(action, 'released', zeroAmounts);
    this.inDoubt.delete(action);
    this.turn(action, { phase: happened ? 'happened' : 'released', told, found });
  }

  reserveModel({ turn, attempt, reserved }: Body<'model.requested'>): void {
    this.reserved.set(modelKey(turn, attempt), { ...zeroAmounts, ...reserved });
  }

  answer(body: Body<'model.responded'>, digest: Digest): void {
    this.answered = digest;
    this.settleModel(body);
  }

  settleModel({ turn, attempt, cost }: ModelEnd): void {
    this.settle(modelKey(turn, attempt), { ...zeroAmounts, ...cost });
  }

  private end(action: Digest, phase: ExecutionPhase, cost: Amounts): void {
    this.settle(action, cost);
    this.open.delete(action);
    this.inDoubt.delete(action);
    this.turn(action, { phase });
  }

  private turn(action: Digest, change: Partial<Execution>): void {
    const execution = this.executions.get(action);
    if (execution !== undefined) this.executions.set(action, { ...execution, ...change });
  }

  private settle(key: string, cost: Amounts): void {
    this.reserved.delete(key);
    this.spent = addAmounts(this.spent, cost);
  }

  private change(delta: Delta): void {
    const wrong = this.worldFold.apply(delta);
    if (wrong !== undefined) throw new Fault(wrong.message);
  }
}

type ModelEnd = Pick<Body<'model.responded'>, 'turn' | 'attempt' | 'cost'>;

function modelKey(turn: number, attempt: number): string {
  return `model:${turn}:${attempt}`;
}

type Step<K extends Kind = Kind> = (state: TrajectoryFold, entry: Entry<K>, digest: Digest) => void;

const elsewhere = (): void => undefined;

/** What each kind does to a trajectory; `elsewhere` stands for kinds that say nothing of it. */
const steps: { readonly [K in Kind]: Step<K> } = {
  'run.started': (state, { body }) => state.start(body),
  'run.finished': (state, { body }) => void (state.finished = body),
  'turn.started': elsewhere,
  'model.requested': (state, { body }) => state.reserveModel(body),
  'model.responded': (state, { body }, digest) => state.answer(body, digest),
  'model.interrupted': (state, { body }) => state.settleModel(body),
  'intent.proposed': (state, { body }) => state.propose(body),
  'turn.finished': elsewhere,
  'proposal.staged': (state, { body }) => void state.staged.set(body.actionDigest, body),
  'proposal.suspended': (state, { body }) => void state.suspended.set(body.actionDigest, body),
  'proposal.rejected': (state) => state.refuse(),
  'execution.started': (state, { body }, digest) => state.execute(body, digest),
  commit: (state, entry) => state.commit(entry),
  'execution.failed': (state, { body }) => state.fail(body),
  'execution.in-doubt': (state, { body }, digest) => state.doubt(body.action, digest),
  'execution.reconciled': (state, entry, digest) => state.reconcile(entry, digest),
  'ledger.created': elsewhere,
  'key.trusted': elsewhere,
  'policy.activated': elsewhere,
  'control.engaged': elsewhere,
  'control.cleared': elsewhere,
  'writ.issued': elsewhere,
  'writ.carved': elsewhere,
  'writ.closed': elsewhere,
  'writ.revoked': elsewhere,
  'approval.requested': elsewhere,
  'approval.voted': elsewhere,
  'approval.resolved': elsewhere,
};
