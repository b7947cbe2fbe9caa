import { isJsonObject, type Json } from '@chancery/kernel/encoding';
import type { Body, Entry, Kind, SealedEntry } from '@chancery/kernel/ledger';
import { exitCodeOf, gateName, type Contents } from '../cognition/index.ts';
import { briefArgs, briefObservation } from './brief.ts';

/** What sort of thing happened; how it is drawn is for whoever shows it. */
export type TimelineMark =
  | 'start'
  | 'turn'
  | 'step'
  | 'model'
  | 'done'
  | 'refused'
  | 'held'
  | 'approved'
  | 'failed'
  | 'doubt'
  | 'end';

/** One entry of a run, for people. Texts come from agents and files: not trusted to be printable. */
export interface TimelineLine {
  readonly seq: number;
  readonly atMs: number;
  readonly mark: TimelineMark;
  /** Whether it is a step on the way, which a short timeline leaves out. */
  readonly minor: boolean;
  /** Who or what: a capability, the model, a gate, the run. */
  readonly what: string;
  readonly detail: string;
  /** Digest of the action that it is about; null when it is about none. */
  readonly action: string | null;
  /** Why not, and what can be done about it; null when nothing was refused or failed. */
  readonly why: {
    readonly code: string;
    readonly message: string;
    readonly remedy: string;
    /** Rules that decided, by id; the built-in reason of a hold. */
    readonly rules: readonly string[];
  } | null;
}

/** Work that has begun and whose end is not recorded. */
export interface Begun {
  readonly seq: number;
  readonly atMs: number;
  /** Who or what: a capability, the model, a gate. */
  readonly what: string;
  readonly about: string;
  /** Digest of the action; null for a call of the model. */
  readonly action: string | null;
}

type Drawn = Pick<TimelineLine, 'mark' | 'what' | 'detail'> & Partial<TimelineLine>;

interface Subject {
  /** Whether it proves a result, and no model asked for it. */
  readonly gate: boolean;
  readonly what: string;
  readonly about: string;
}

/** Turns the entries of one run, in order, into lines. */
export class TimelineFold {
  private readonly story: Story;

  /** `contents` reads what stands outside the entries; fetched before they are given here. */
  constructor(contents: Contents) {
    this.story = new Story(contents);
  }

  advance({ entry }: SealedEntry): TimelineLine {
    const drawer = drawers[entry.kind] as Drawer | undefined;
    const drawn = drawer?.(this.story, entry) ?? minor(entry.kind, '');
    (turns[entry.kind] as Turn | undefined)?.(this.story, entry);
    return { seq: entry.seq, atMs: entry.at, minor: false, action: null, why: null, ...drawn };
  }

  /**
   * What has begun by the entries so far and has no end, in its order. Of what is in doubt the end is
   * that doubt; of what only looks, nothing stands on the ledger before its end.
   */
  begun(): readonly Begun[] {
    return [...this.story.begun.values()];
  }
}

/** What has been told so far, and how the entries that lean on it are drawn. */
class Story {
  private readonly contents: Contents;
  /** What an action is, by its digest. */
  private readonly subjects = new Map<string, Subject>();
  private readonly waiting = new Set<string>();
  /** By the digest of the action, or as a call of the model. */
  readonly begun = new Map<string, Begun>();
  private latest: Subject = { gate: false, what: '', about: '' };

  constructor(contents: Contents) {
    this.contents = contents;
  }

  proposed(body: Body<'intent.proposed'>): Drawn {
    this.latest = subjectOf(body.origin, this.contents(body.intent));
    return minor(this.latest.what, this.latest.about);
  }

  responded({ text, calls, cost, stop, servedBy }: Body<'model.responded'>): Drawn {
    const said = this.contents(text);
    const detail = typeof said === 'string' && said.trim() !== '' ? said.trim() : callsOf(calls);
    const spent = `${cost.tokens} tokens`;
    const odd = stop === 'end' || stop === 'calls' ? '' : ` (${stop})`;
    const served = servedBy === undefined ? '' : ` · served by ${servedBy}`;
    return { mark: 'model', what: 'model', detail: `${detail}${odd} · ${spent}${served}` };
  }

  staged({ action, actionDigest }: Body<'proposal.staged'>): Drawn {
    this.note(actionDigest, action);
    const released = this.waiting.delete(actionDigest);
    return released
      ? this.about(actionDigest, 'approved', 'approved by a human')
      : this.about(actionDigest, 'step', 'permitted', { minor: true });
  }

  suspended({ action, actionDigest, hold }: Body<'proposal.suspended'>): Drawn {
    this.note(actionDigest, action);
    this.waiting.add(actionDigest);
    const { channel, quorum, reason, rule } = hold;
    const remedy = `waits for ${quorum} of the channel ${channel}`;
    const why = { code: 'held', message: reason, remedy, rules: [rule] };
    return this.about(actionDigest, 'held', '', { why });
  }

  rejected({ refusal, rules }: Body<'proposal.rejected'>): Drawn {
    const { what, about } = this.latest;
    const { code, message, remedy } = refusal;
    const why = { code, message, remedy, rules: decisive(rules) };
    return { mark: 'refused', what, detail: about, why };
  }

  committed({ action, observation, redactions, delta }: Body<'commit'>): Drawn {
    const seen = this.contents(observation);
    const parts = [
      briefObservation(seen),
      delta.some(({ key }) => key === 'workspace') ? 'files changed' : '',
      redactions > 0 ? `${redactions} redacted` : '',
    ];
    const failed = this.subjects.get(action)?.gate === true && exitCodeOf(seen) !== 0;
    return this.about(
      action,
      failed ? 'failed' : 'done',
      parts.filter((part) => part !== '').join(', '),
    );
  }

  failed({ action, failure }: Body<'execution.failed'>): Drawn {
    const { code, message } = failure;
    const why = { code, message, remedy: '', rules: [] };
    return this.about(action, 'failed', '', { why });
  }

  begin(action: string, { seq, at: atMs }: Entry<'execution.started'>): void {
    const { what, about } = this.subjects.get(action) ?? this.latest;
    this.begun.set(action, { seq, atMs, what, about, action });
  }

  /** An action that is compiled again keeps what its intent told of it. */
  private note(digest: string, { capability, normalisedArgs }: Body<'proposal.staged'>['action']) {
    const { gate } = this.subjects.get(digest) ?? this.latest;
    const what = gate ? gateName : capability;
    this.latest = { gate, what, about: briefArgs(this.contents(normalisedArgs)) };
    this.subjects.set(digest, this.latest);
  }

  about(action: string, mark: TimelineMark, came: string, more: Partial<TimelineLine> = {}): Drawn {
    const { what, about } = this.subjects.get(action) ?? this.latest;
    const detail = came === '' ? about : `${about} → ${came}`;
    return { mark, what, detail, action, ...more };
  }
}

/** A run makes one call of the model at a time. */
const modelCall = 'model';

type Turn<K extends Kind = Kind> = (story: Story, entry: Entry<K>) => void;

/** What each kind begins, or is the end of; one without a row does neither. */
const turns: { readonly [K in Kind]?: Turn<K> } = {
  'model.requested': ({ begun }, { seq, at: atMs }) =>
    begun.set(modelCall, { seq, atMs, what: 'model', about: '', action: null }),
  'model.responded': ({ begun }) => begun.delete(modelCall),
  'model.interrupted': ({ begun }) => begun.delete(modelCall),
  'execution.started': (story, entry) => story.begin(entry.body.action, entry),
  commit: ({ begun }, { body }) => begun.delete(body.action),
  'execution.failed': ({ begun }, { body }) => begun.delete(body.action),
  'execution.in-doubt': ({ begun }, { body }) => begun.delete(body.action),
};

type Drawer<K extends Kind = Kind> = (story: Story, entry: Entry<K>) => Drawn;

/** How each kind is drawn; one without a row is told by its name alone. */
const drawers: { readonly [K in Kind]?: Drawer<K> } = {
  'run.started': (_, { body }) => started(body),
  'run.branched': (_, { body }) => branched(body),
  'run.finished': (_, { body }) => finished(body),
  'compensation.planned': (_, { body }) => undoing(body),
  'compensation.finished': (_, { body: { done, left } }) =>
    minor('undone', `${done} of ${done + left} steps`),
  'turn.started': (_, { body }) => ({ ...minor(`turn ${body.turn}`, ''), mark: 'turn' }),
  'turn.finished': (_, { body }) => minor(`turn ${body.turn}`, 'ended'),
  'budget.threshold-crossed': (_, { body }) => crossed(body),
  'model.requested': (_, { body }) => minor('model', `asked, ${body.messages} messages`),
  'model.responded': (story, { body }) => story.responded(body),
  'model.interrupted': (_, { body }) => interrupted(body),
  'intent.proposed': (story, { body }) => story.proposed(body),
  'proposal.staged': (story, { body }) => story.staged(body),
  'proposal.suspended': (story, { body }) => story.suspended(body),
  'proposal.rejected': (story, { body }) => story.rejected(body),
  'execution.started': (story, { body }) =>
    story.about(body.action, 'step', 'begins', { minor: true }),
  commit: (story, { body }) => story.committed(body),
  'execution.failed': (story, { body }) => story.failed(body),
  'execution.in-doubt': (story, { body }) => story.about(body.action, 'doubt', body.reason),
  'execution.reconciled': (story, { body }) => {
    const word = body.happened ? 'it happened' : 'it did not happen';
    return story.about(
      body.action,
      'step',
      `${word}, says ${body.word === null ? 'the capability' : 'a human'}: ${body.evidence}`,
    );
  },
};

function minor(what: string, detail: string): Drawn {
  return { mark: 'step', what, detail, minor: true };
}

function subjectOf(origin: string, intent: Json): Subject {
  const gate = origin === 'gate';
  if (!isJsonObject(intent)) return { gate, what: origin, about: '' };
  const { capability, args } = intent;
  const named = typeof capability === 'string' ? capability : 'an intent';
  return { gate, what: gate ? gateName : named, about: args === undefined ? '' : briefArgs(args) };
}

function started({ agent, workspace, sandbox }: Body<'run.started'>): Drawn {
  const confined = sandbox.unsafe ? 'WITHOUT a sandbox' : `sandbox ${sandbox.provider}`;
  const detail = `${agent.model} · ${confined} · branch ${workspace.branch}`;
  return { mark: 'start', what: 'run', detail };
}

function branched({ source, seq }: Body<'run.branched'>): Drawn {
  return { mark: 'start', what: 'from', detail: `${source.slice('run:'.length)}, entry ${seq}` };
}

function undoing({ steps, lasting }: Body<'compensation.planned'>): Drawn {
  const stays = lasting.length === 0 ? '' : `; ${lasting.length} things stay`;
  return { mark: 'step', what: 'to undo', detail: `${steps.length} steps, all would pass${stays}` };
}

function finished({ outcome, reason, commit }: Body<'run.finished'>): Drawn {
  const result = commit === null ? 'nothing changed' : `commit ${commit.slice(0, 12)}`;
  return { mark: 'end', what: outcome, detail: `${reason} · ${result}` };
}

function interrupted({ failure, retryInMs }: Body<'model.interrupted'>): Drawn {
  const { code, message } = failure;
  const remedy = retryInMs === null ? 'not asked again' : `asked again in ${retryInMs} ms`;
  const why = { code, message, remedy, rules: [] };
  return { mark: 'failed', what: 'model', detail: '', why };
}

function crossed({ dimension, percent, spent, granted }: Body<'budget.threshold-crossed'>): Drawn {
  return {
    mark: 'step',
    what: 'budget',
    detail: `${percent} % of ${dimension}: ${spent} of ${granted}`,
  };
}

function callsOf(calls: Body<'model.responded'>['calls']): string {
  return calls.length === 0 ? 'said nothing' : calls.map(({ name }) => name).join(', ');
}

/** Rules that stood against it. */
function decisive(rules: Body<'proposal.rejected'>['rules']): readonly string[] {
  return rules
    .filter(({ effect }) => effect !== 'permit' && effect !== 'shadow')
    .map(({ id }) => id);
}
