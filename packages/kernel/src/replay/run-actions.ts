import { DigestMap, type Digest } from '../encoding/index.ts';
import type { Body, Entry, Kind, SealedEntry } from '../ledger/index.ts';
import { Distinct } from './distinct.ts';
import type { ExecutionPhase } from './execution.ts';
import type { ProposedIntent } from './proposed-intent.ts';

/** What later entries are compared with of an action. */
export interface RunAction {
  /** What its latest proposal to be executed names; undefined while there is none. */
  readonly contract: Digest | undefined;
  readonly policySet: Digest | undefined;
  /** How it was held the last time. */
  readonly hold: { readonly channel: string; readonly quorum: number } | undefined;
  /** Of its latest attempt; undefined while it was not started. */
  readonly phase: ExecutionPhase | undefined;
  readonly attempt: number;
  /** Whether an execution has no end; those in doubt have none. */
  readonly isOpen: boolean;
  readonly inDoubt: boolean;
}

interface Told extends RunAction {
  /** The intent, where it may still be proposed, and what it asks for, where that is settled. */
  readonly intent: Digest | undefined;
  readonly asked: ProposedIntent | undefined;
}

const untold: Told = {
  contract: undefined,
  policySet: undefined,
  hold: undefined,
  phase: undefined,
  attempt: 0,
  isOpen: false,
  inDoubt: false,
  intent: undefined,
  asked: undefined,
};

/**
 * The intents and actions of a run, as far as later entries are compared with them. It says of each
 * what a `Trajectory` says, and holds no body: of an intent, and of an action that nothing is about
 * to become of, it keeps only which of a few things it is the same as. So a run that never ends takes
 * some fifty bytes for each.
 */
export class RunActions {
  readonly #intents = new DigestMap();
  readonly #asked = new Distinct<ProposedIntent>();
  /** Actions that are staged, started or in doubt: few at any time. */
  readonly #moving = new Map<Digest, Told>();
  /** All others, as they came to rest; of an action that moves again, that holds no longer. */
  readonly #resting = new DigestMap();
  readonly #rests = new Distinct<Told>();

  /** What an intent asks for; undefined when it was not proposed. */
  intent(digest: Digest): ProposedIntent | undefined {
    return this.#asked.at(this.#intents.get(digest));
  }

  /** How an action stands. */
  of(action: Digest): RunAction {
    return this.#told(action);
  }

  /** What the intent of an action that was staged asks for. */
  askedBy(action: Digest): ProposedIntent | undefined {
    const { intent, asked } = this.#told(action);
    return intent === undefined ? asked : this.intent(intent);
  }

  propose(digest: Digest, intent: ProposedIntent): void {
    this.#intents.set(digest, this.#numberOf(intent));
  }

  /** Takes an entry of the run, after it was checked; of intents, `propose` is told. */
  advance({ entry }: SealedEntry): void {
    const step = steps[entry.kind] as ((actions: RunActions, entry: Entry) => void) | undefined;
    step?.(this, entry);
  }

  stage({ actionDigest, action, policySetDigest }: Body<'proposal.staged'>): void {
    const { contract, intent } = action;
    this.#move(actionDigest, { contract, policySet: policySetDigest, intent, asked: undefined });
  }

  suspend({ actionDigest, hold }: Body<'proposal.suspended'>): void {
    this.#turn(actionDigest, { hold });
  }

  execute({ action, attempt }: Body<'execution.started'>): void {
    this.#move(action, { phase: 'open', attempt, isOpen: true, inDoubt: false });
  }

  doubt(action: Digest): void {
    const { phase } = this.#told(action);
    this.#move(action, { inDoubt: true, phase: phase && 'in-doubt' });
  }

  reconcile({ action, happened }: Body<'execution.reconciled'>): void {
    const { phase } = this.#told(action);
    const found = phase && (happened ? 'happened' : 'released');
    if (happened) this.#turn(action, { phase: found, inDoubt: false });
    else this.#rest(action, { phase: found, isOpen: false, inDoubt: false });
  }

  end(action: Digest, as: 'committed' | 'failed'): void {
    const { phase } = this.#told(action);
    this.#rest(action, { phase: phase && as, isOpen: false, inDoubt: false });
  }

  #told(action: Digest): Told {
    return this.#moving.get(action) ?? this.#rests.at(this.#resting.get(action)) ?? untold;
  }

  #turn(action: Digest, change: Partial<Told>): void {
    if (this.#moving.has(action)) this.#move(action, change);
    else this.#rest(action, change);
  }

  #move(action: Digest, change: Partial<Told>): void {
    this.#moving.set(action, { ...this.#told(action), ...change });
  }

  #rest(action: Digest, change: Partial<Told>): void {
    const told = { ...this.#told(action), ...change };
    const { contract, policySet, hold, phase, attempt } = told;
    const asked = told.intent === undefined ? told.asked : this.intent(told.intent);
    const intent = asked && this.#numberOf(asked);
    const key = `${intent} ${contract} ${policySet} ${phase} ${attempt} ${hold?.quorum} ${hold?.channel}`;
    const rest = { ...told, asked, intent: undefined };
    this.#resting.set(action, this.#rests.numberOf(key, rest));
    this.#moving.delete(action);
  }

  #numberOf(intent: ProposedIntent): number {
    const { origin, kind, capability, command } = intent;
    return this.#asked.numberOf(
      `${origin} ${marked(kind)} ${marked(capability)} ${marked(command)}`,
      intent,
    );
  }
}

/** A text as no other text, and nothing else, is written. */
function marked(text: string | null | undefined): string {
  return typeof text === 'string' ? `${text.length}:${text}` : String(text);
}

/** What each kind tells of an action; one without a row says nothing of any. */
const steps: { readonly [K in Kind]?: (actions: RunActions, entry: Entry<K>) => void } = {
  'proposal.staged': (actions, { body }) => actions.stage(body),
  'proposal.suspended': (actions, { body }) => actions.suspend(body),
  'execution.started': (actions, { body }) => actions.execute(body),
  commit: (actions, { body }) => actions.end(body.action, 'committed'),
  'execution.failed': (actions, { body }) => actions.end(body.action, 'failed'),
  'execution.in-doubt': (actions, { body }) => actions.doubt(body.action),
  'execution.reconciled': (actions, { body }) => actions.reconcile(body),
};
