import { isJsonObject, type Digest } from '@chancery/kernel/encoding';
import type { Body, Entry, Kind, SealedEntry } from '@chancery/kernel/ledger';
import { refusalCodes, type RefusalCode } from '@chancery/kernel/refusal';
import type { RoutingEvidence } from '@chancery/kernel/routing';
import { ownInterruptionCodes } from '../cognition/index.ts';
import type { RoutedOutcome } from './routed-outcome.ts';

/** A proposal that is not settled. */
interface Pending {
  readonly evidence: RoutingEvidence | undefined;
  readonly capability: string | null;
  readonly answer: RoutedOutcome['answer'];
  /** When its latest attempt was decided; undefined where its end does not follow from that. */
  readonly decidedAtMs?: number | undefined;
  readonly inDoubt?: boolean;
}

type Ending = Pick<RoutedOutcome, 'outcome'> &
  Partial<Pick<RoutedOutcome, 'refusal' | 'failure' | 'latencyMs' | 'costMicrousd'>>;

interface Settled {
  readonly pending: Pending;
  readonly ending: Ending;
}

/** Folds the entries of one run, in order, into what became of its proposals. Reads no blob. */
export class RoutingFold {
  private readonly run: string;
  private readonly state = new RoutingState();

  constructor(run: string) {
    this.run = run;
  }

  /** What the entry settles; each proposal is settled once. Gates are in it never: nobody chose them. */
  take({ entry }: SealedEntry, position: number): readonly RoutedOutcome[] {
    const step = steps[entry.kind] as Step | undefined;
    step?.(this.state, entry);
    return this.state.drain().map(({ pending: { evidence, capability, answer }, ending }) => ({
      ...{ run: this.run, seq: entry.seq, position, atMs: entry.at, capability },
      decision: evidence?.decision ?? null,
      serial: evidence?.serial ?? null,
      selected: evidence?.selected ?? null,
      reasons: evidence?.reasons ?? [],
      ...{ refusal: null, failure: null, latencyMs: null, costMicrousd: 0 },
      ...ending,
      answer,
    }));
  }
}

/** The state behind a `RoutingFold`: it holds what is not settled, and no more. */
class RoutingState {
  private readonly offered = new Set<string>();
  private askedAtMs = 0;
  private answer: RoutedOutcome['answer'] = null;
  /** What the calls of the latest answer ask for, by id. */
  private called: ReadonlyMap<string, string> = new Map();
  /** The intent whose proposal comes next in its batch; null for a gate. */
  private fresh: Pending | null | undefined;
  private readonly pending = new Map<Digest, Pending>();
  private readonly intents = new Map<Digest, Digest>();
  private settled: Settled[] = [];

  /** What was settled since it was asked last. */
  drain(): readonly Settled[] {
    const { settled } = this;
    if (settled.length > 0) this.settled = [];
    return settled;
  }

  start({ capabilities }: Body<'run.started'>): void {
    for (const { name } of capabilities) this.offered.add(name);
  }

  ask(atMs: number): void {
    this.askedAtMs = atMs;
  }

  hear({ at, body: { calls, cost } }: Entry<'model.responded'>): void {
    const latencyMs = Math.max(0, at - this.askedAtMs);
    this.answer = { latencyMs, costMicrousd: cost.costMicrousd };
    this.called = new Map(calls.map(({ id, name }) => [id, name]));
  }

  propose(body: Body<'intent.proposed'>): void {
    const { origin, routing: evidence, callId } = body;
    if (origin === 'gate') {
      this.fresh = null;
      return;
    }
    const isAnswer = origin === 'model';
    const named = isAnswer ? this.called.get(callId) : capabilityIn(body);
    const capability = named !== undefined && this.offered.has(named) ? named : null;
    this.fresh = { evidence, capability, answer: isAnswer ? this.answer : null };
  }

  /** A proposal, or one that is made again, waits or begins. */
  place(
    { action, actionDigest }: Body<'proposal.staged'> | Body<'proposal.suspended'>,
    decidedAtMs?: number,
  ): void {
    const found = this.taken() ?? this.pending.get(action.intent);
    if (found === undefined) return;
    const capability = this.offered.has(action.capability) ? action.capability : null;
    this.pending.set(action.intent, { ...found, capability, decidedAtMs, inDoubt: false });
    this.intents.set(actionDigest, action.intent);
  }

  reject({ intent, refusal }: Body<'proposal.rejected'>): void {
    const isFresh = this.fresh !== undefined;
    const fresh = this.taken();
    const held = isFresh || intent === null ? undefined : this.remove(intent);
    this.settle(fresh ?? held, refused(refusal.code));
  }

  doubt(action: Digest, inDoubt: boolean): void {
    const intent = this.intents.get(action);
    const found = intent === undefined ? undefined : this.pending.get(intent);
    if (intent === undefined || found === undefined) return;
    this.pending.set(intent, { ...found, inDoubt, decidedAtMs: undefined });
  }

  end(
    action: Digest,
    { at, body: { cost } }: Entry<'commit' | 'execution.failed'>,
    ending: Ending,
  ): void {
    const intent = this.intents.get(action);
    const found = intent === undefined ? undefined : this.remove(intent);
    this.intents.delete(action);
    const decidedAtMs = found?.decidedAtMs;
    const latencyMs = decidedAtMs === undefined ? null : Math.max(0, at - decidedAtMs);
    this.settle(found, { ...ending, latencyMs, costMicrousd: cost.costMicrousd });
  }

  /** Whatever is left when the run ends is never settled otherwise. */
  finish(): void {
    for (const pending of this.pending.values()) {
      const doubted: Ending = { outcome: 'in-doubt', costMicrousd: null };
      this.settle(pending, pending.inDoubt === true ? doubted : { outcome: 'abandoned' });
    }
    this.pending.clear();
    this.intents.clear();
  }

  private settle(pending: Pending | undefined, ending: Ending): void {
    if (pending !== undefined) this.settled.push({ pending, ending });
  }

  private taken(): Pending | undefined {
    const { fresh } = this;
    this.fresh = undefined;
    return fresh ?? undefined;
  }

  private remove(intent: Digest): Pending | undefined {
    const found = this.pending.get(intent);
    this.pending.delete(intent);
    return found;
  }
}

/** What an intent asks for, where it stands in its entry. */
function capabilityIn({ intent }: Body<'intent.proposed'>): string | undefined {
  const value = 'inline' in intent && isJsonObject(intent.inline) ? intent.inline : {};
  const { capability } = value;
  return typeof capability === 'string' ? capability : undefined;
}

function refused(code: string): Ending {
  if (code === 'approval.denied') return { outcome: 'denied' };
  if (code === 'approval.expired') return { outcome: 'expired' };
  const isKnown = Object.hasOwn(refusalCodes, code);
  return { outcome: 'refused', refusal: isKnown ? (code as RefusalCode) : null };
}

function failed({ code, class: failure }: Body<'execution.failed'>['failure']): Ending {
  if (ownInterruptionCodes.includes(code)) return { outcome: 'abandoned' };
  return { outcome: 'failed', failure };
}

type Step<K extends Kind = Kind> = (state: RoutingState, entry: Entry<K>) => void;

/** What each kind settles; one without a row settles nothing. */
const steps: { readonly [K in Kind]?: Step<K> } = {
  'run.started': (state, { body }) => state.start(body),
  'model.requested': (state, { at }) => state.ask(at),
  'model.responded': (state, entry) => state.hear(entry),
  'intent.proposed': (state, { body }) => state.propose(body),
  'proposal.staged': (state, { body }) => state.place(body, body.nowMs),
  'proposal.suspended': (state, { body }) => state.place(body),
  'proposal.rejected': (state, { body }) => state.reject(body),
  commit: (state, entry) => state.end(entry.body.action, entry, { outcome: 'committed' }),
  'execution.failed': (state, entry) =>
    state.end(entry.body.action, entry, failed(entry.body.failure)),
  'execution.in-doubt': (state, { body }) => state.doubt(body.action, true),
  'execution.reconciled': (state, { body }) => state.doubt(body.action, false),
  'run.finished': (state) => state.finish(),
};
