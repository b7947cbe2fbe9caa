import { isJsonObject, type Json } from '@chancery/kernel/encoding';
import { type Body, type Entry, type SealedEntry } from '@chancery/kernel/ledger';
import { type Contents } from '../cognition/index.ts';
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

type Drawn = Pick<TimelineLine, 'mark' | 'what' | 'detail'> & Partial<TimelineLine>;

interface Subject {
  readonly what: string;
  readonly about: string;
}

/** Turns the entries of one run, in order, into lines. */
export class TimelineFold {
  private readonly contents: Contents;
  /** What an action is, by its digest. */
  private readonly subjects = new Map<string, Subject>();
  private readonly waiting = new Set<string>();
  private proposed: Subject = { what: '', about: '' };

  /** `contents` reads what stands outside the entries; fetched before they are given here. */
  constructor(contents: Contents) {
    this.contents = contents;
  }

  advance({ entry }: SealedEntry): TimelineLine {
    const drawn = this.draw(entry);
    return { seq: entry.seq, atMs: entry.at, minor: false, action: null, why: null, ...drawn };
  }

  private draw(entry: Entry): Drawn {
    switch (entry.kind) {
      case 'run.started':
        return started(entry.body);
      case 'run.finished':
        return finished(entry.body);
      case 'turn.started':
        return { mark: 'turn', what: `turn ${entry.body.turn}`, detail: '', minor: true };
      case 'turn.finished':
        return minor(`turn ${entry.body.turn}`, 'ended');
      case 'model.requested':
        return minor('model', `asked, ${entry.body.messages} messages`);
      case 'model.responded':
        return this.responded(entry.body);
      case 'model.interrupted':
        return interrupted(entry.body);
      default:
        return this.drawAction(entry);
    }
  }

  private drawAction(entry: Entry): Drawn {
    switch (entry.kind) {
      case 'intent.proposed':
        this.proposed = subjectOf(entry.body);
        return minor(this.proposed.what, this.proposed.about);
      case 'proposal.staged':
        return this.staged(entry.body);
      case 'proposal.suspended':
        return this.suspended(entry.body);
      case 'proposal.rejected':
        return this.rejected(entry.body);
      case 'execution.started':
        return this.about(entry.body.action, 'step', 'begins', { minor: true });
      case 'commit':
        return this.committed(entry.body);
      case 'execution.failed':
        return this.failed(entry.body);
      case 'execution.in-doubt':
        return this.about(entry.body.action, 'doubt', entry.body.reason);
      case 'execution.reconciled': {
        const { action, happened, evidence, by } = entry.body;
        const word = happened ? 'it happened' : 'it did not happen';
        return this.about(action, 'step', `${word}, says the ${by}: ${evidence}`);
      }
      default:
        return minor(entry.kind, '');
    }
  }

  private responded({ text, calls, cost, stop }: Body<'model.responded'>): Drawn {
    const said = this.contents(text);
    const detail = typeof said === 'string' && said.trim() !== '' ? said.trim() : callsOf(calls);
    const spent = `${cost.tokens} tokens`;
    const odd = stop === 'end' || stop === 'calls' ? '' : ` (${stop})`;
    return { mark: 'model', what: 'model', detail: `${detail}${odd} · ${spent}` };
  }

  private staged({ action, actionDigest }: Body<'proposal.staged'>): Drawn {
    this.note(actionDigest, action);
    const released = this.waiting.delete(actionDigest);
    return released
      ? this.about(actionDigest, 'approved', 'approved by a human')
      : this.about(actionDigest, 'step', 'permitted', { minor: true });
  }

  private suspended({ action, actionDigest, hold }: Body<'proposal.suspended'>): Drawn {
    this.note(actionDigest, action);
    this.waiting.add(actionDigest);
    const { channel, quorum, reason, rule } = hold;
    const remedy = `waits for ${quorum} of the channel ${channel}`;
    const why = { code: 'held', message: reason, remedy, rules: [rule] };
    return this.about(actionDigest, 'held', '', { why });
  }

  private rejected({ refusal, rules }: Body<'proposal.rejected'>): Drawn {
    const { what, about } = this.proposed;
    const { code, message, remedy } = refusal;
    const why = { code, message, remedy, rules: decisive(rules) };
    return { mark: 'refused', what, detail: about, why };
  }

  private committed({ action, observation, redactions, delta }: Body<'commit'>): Drawn {
    const parts = [
      briefObservation(this.contents(observation)),
      delta.some(({ key }) => key === 'workspace') ? 'files changed' : '',
      redactions > 0 ? `${redactions} redacted` : '',
    ];
    return this.about(action, 'done', parts.filter((part) => part !== '').join(', '));
  }

  private failed({ action, failure }: Body<'execution.failed'>): Drawn {
    const { code, message } = failure;
    const why = { code, message, remedy: '', rules: [] };
    return this.about(action, 'failed', '', { why });
  }

  private note(digest: string, { capability, normalisedArgs }: Body<'proposal.staged'>['action']) {
    this.proposed = { what: capability, about: briefArgs(normalisedArgs as Json) };
    this.subjects.set(digest, this.proposed);
  }

  private about(
    action: string,
    mark: TimelineMark,
    came: string,
    more: Partial<TimelineLine> = {},
  ): Drawn {
    const { what, about } = this.subjects.get(action) ?? this.proposed;
    const detail = came === '' ? about : `${about} → ${came}`;
    return { mark, what, detail, action, ...more };
  }
}

function minor(what: string, detail: string): Drawn {
  return { mark: 'step', what, detail, minor: true };
}

function subjectOf({ origin, intent }: Body<'intent.proposed'>): Subject {
  if (!isJsonObject(intent as Json)) return { what: origin, about: '' };
  const { capability, args } = intent as { readonly [name: string]: Json };
  const what = typeof capability === 'string' ? capability : 'an intent';
  return { what, about: args === undefined ? '' : briefArgs(args) };
}

function started({ agent, workspace, sandbox }: Body<'run.started'>): Drawn {
  const confined = sandbox.unsafe ? 'WITHOUT a sandbox' : `sandbox ${sandbox.provider}`;
  const detail = `${agent.model} · ${confined} · branch ${workspace.branch}`;
  return { mark: 'start', what: 'run', detail };
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

function callsOf(calls: Body<'model.responded'>['calls']): string {
  return calls.length === 0 ? 'said nothing' : calls.map(({ name }) => name).join(', ');
}

/** Rules that stood against it. */
function decisive(rules: Body<'proposal.rejected'>['rules']): readonly string[] {
  return rules
    .filter(({ effect }) => effect !== 'permit' && effect !== 'shadow')
    .map(({ id }) => id);
}
