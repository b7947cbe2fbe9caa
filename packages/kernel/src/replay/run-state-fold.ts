import { addAmounts, zeroAmounts, type Amounts } from '../account/index.ts';
import type { Digest } from '../encoding/index.ts';
import type { Body, Entry, Head, Kind, SealedEntry } from '../ledger/index.ts';
import { Fault } from '../refusal/index.ts';
import { workspaceKey, WorldFold, type Delta, type World } from '../world/index.ts';
import type { RunFacts, RunStand } from './run-state-model.ts';

/** The state behind a `RunState`, see there. */
export class RunStateFold {
  readonly stream: string;
  head: Head | null = null;
  startedAtMs = 0;
  lastAtMs = 0;
  started: Body<'run.started'> | undefined;
  finished: Body<'run.finished'> | undefined;
  spent: Amounts = zeroAmounts;
  stand: RunStand = goesOn;
  readonly reserved = new Map<string, Amounts>();
  readonly counts = { turns: 0, commits: 0, refusals: 0, holds: 0, failures: 0 };
  readonly decided = { compilers: new Map<string, number>(), policies: new Map<Digest, number>() };
  private worldFold = new WorldFold();

  constructor(stream: string) {
    this.stream = stream;
  }

  /** A fold that goes on from a state; the state stays as it is. */
  static from(saved: RunFacts): RunStateFold {
    const fold = new RunStateFold(saved.stream);
    fold.head = saved.head;
    fold.startedAtMs = saved.startedAtMs;
    fold.lastAtMs = saved.lastAtMs;
    fold.started = saved.started;
    fold.finished = saved.finished;
    fold.spent = saved.spent;
    fold.stand = saved.stand;
    fold.worldFold = new WorldFold(saved.world);
    Object.assign(fold.counts, saved.counts);
    for (const [key, amounts] of saved.reserved) fold.reserved.set(key, amounts);
    for (const [name, seq] of saved.decided.compilers) fold.decided.compilers.set(name, seq);
    for (const [set, seq] of saved.decided.policies) fold.decided.policies.set(set, seq);
    return fold;
  }

  get world(): World {
    return this.worldFold.world;
  }

  advance({ entry, digest }: SealedEntry): void {
    const seq = this.head === null ? 0 : this.head.seq + 1;
    if (entry.stream !== this.stream || entry.seq !== seq) {
      throw new Fault(
        `entry ${entry.seq} of ${entry.stream} is not entry ${seq} of ${this.stream}`,
      );
    }
    const step = steps[entry.kind] as Step | undefined;
    step?.(this, entry);
    if (seq === 0) this.startedAtMs = entry.at;
    this.lastAtMs = entry.at;
    this.head = { seq, digest };
  }

  start({ body, seq }: Entry<'run.started'>): void {
    this.started = body;
    note(this.decided.policies, body.policySetDigest, seq);
    this.change([{ op: 'put', key: workspaceKey, value: body.workspace.tree, expect: 0 }]);
  }

  branch({ delta }: Body<'run.branched'>): void {
    this.change(delta);
  }

  hold({ action, actionDigest, hold }: Body<'proposal.suspended'>): void {
    const { channel, rule, reason } = hold;
    const { capability, normalisedArgs: args } = action;
    const held = { capability, args, channel, rule, reason };
    this.counts.holds += 1;
    this.stand = { phase: 'waiting', action: actionDigest, ...held };
  }

  refuse(): void {
    this.counts.refusals += 1;
    this.stand = goesOn;
  }

  /** Starts an attempt. One before it whose end nobody recorded pays all that it reserved. */
  execute({ action, reserved }: Body<'execution.started'>): void {
    const before = this.reserved.get(action);
    if (before !== undefined) this.settle(action, before);
    this.reserved.set(action, reserved);
  }

  commit({ body, seq }: Entry<'commit'>): void {
    this.change(body.delta);
    this.counts.commits += 1;
    note(this.decided.compilers, body.compilerVersion, seq);
    note(this.decided.policies, body.policySetDigest, seq);
    this.settle(body.action, body.cost);
  }

  fail({ action, delta, cost }: Body<'execution.failed'>): void {
    this.change(delta);
    this.counts.failures += 1;
    this.settle(action, cost);
  }

  doubt({ action, reason }: Body<'execution.in-doubt'>): void {
    this.stand = { phase: 'in-doubt', action, reason };
  }

  reconcile({ action, happened }: Body<'execution.reconciled'>): void {
    if (!happened) this.settle(action, zeroAmounts);
    this.stand = goesOn;
  }

  reserveModel({ turn, attempt, reserved }: Body<'model.requested'>): void {
    this.reserved.set(modelKey(turn, attempt), { ...zeroAmounts, ...reserved });
  }

  settleModel({ turn, attempt, cost }: ModelEnd): void {
    this.settle(modelKey(turn, attempt), { ...zeroAmounts, ...cost });
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

const goesOn: RunStand = { phase: 'open' };

function modelKey(turn: number, attempt: number): string {
  return `model:${turn}:${attempt}`;
}

function note(first: Map<string, number>, name: string, seq: number): void {
  if (!first.has(name)) first.set(name, seq);
}

type Step<K extends Kind = Kind> = (state: RunStateFold, entry: Entry<K>) => void;

/** What each kind does to the state of a run; one without a row says nothing of it. */
const steps: { readonly [K in Kind]?: Step<K> } = {
  'run.started': (state, entry) => state.start(entry),
  'run.branched': (state, { body }) => state.branch(body),
  'run.finished': (state, { body }) => void (state.finished = body),
  'turn.started': (state) => void (state.counts.turns += 1),
  'model.requested': (state, { body }) => state.reserveModel(body),
  'model.responded': (state, { body }) => state.settleModel(body),
  'model.interrupted': (state, { body }) => state.settleModel(body),
  'proposal.staged': (state) => void (state.stand = goesOn),
  'proposal.suspended': (state, { body }) => state.hold(body),
  'proposal.rejected': (state) => state.refuse(),
  'execution.started': (state, { body }) => state.execute(body),
  commit: (state, entry) => state.commit(entry),
  'execution.failed': (state, { body }) => state.fail(body),
  'execution.in-doubt': (state, { body }) => state.doubt(body),
  'execution.reconciled': (state, { body }) => state.reconcile(body),
};
