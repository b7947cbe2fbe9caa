import type { Digest } from '@chancery/kernel/encoding';
import { readEngagement } from '@chancery/kernel/control';
import type { Body, SealedEntry } from '@chancery/kernel/ledger';
import { notifiedKinds, type Hook, type Notification, type NotifiedKind } from './model.ts';

/** The parts of a notification that depend on the kind of the entry. */
type Subject = Pick<Notification, 'run' | 'action' | 'channel' | 'text'>;

type Told = { readonly [K in NotifiedKind]: (body: Body<K>, stream: string) => Subject };

const about: Subject = { run: null, action: null, channel: null, text: '' };

const subjects: Told = {
  'approval.requested': ({ run, action, channel, quorum, reason }) => ({
    ...{ run: runOf(run), action, channel },
    text: `run ${runOf(run)} waits for ${quorum.m} of ${quorum.of.length} on ${channel}: ${reason}`,
  }),
  'approval.resolved': ({ action, outcome, reason }) => ({
    ...about,
    action,
    text: `action ${short(action)} is ${outcome}${said(reason)}`,
  }),
  'execution.in-doubt': ({ action, reason }, stream) => ({
    ...{ run: runOf(stream), action, channel: null },
    text: `run ${runOf(stream)} does not know whether action ${short(action)} happened${said(reason)}`,
  }),
  'run.finished': ({ outcome, reason }, stream) => ({
    ...about,
    run: runOf(stream),
    text: `run ${runOf(stream)} has ${outcome}${said(reason)}`,
  }),
  'control.engaged': ({ envelope }) => {
    const read = readEngagement(envelope);
    // Whatever it halts, somebody has recorded that something is to halt.
    if (!read.ok) return { ...about, text: 'a control was engaged that cannot be read' };
    const { said: control } = read.value;
    const { scope, run, mode, reason } = control;
    const plan = scope === 'plan' ? control.plan : '';
    const named = scope === 'writ' ? short(control.writ) : (run ?? plan);
    const what = `${scope} ${named}`.trim();
    return { ...about, run, text: `a control is engaged: ${mode} ${what}${said(reason)}` };
  },
  'control.cleared': () => ({ ...about, text: 'a control is cleared' }),
};

/** What is told of an entry; undefined for one that nobody is told of. */
export function notificationOf(
  { entry, digest, position }: SealedEntry & { readonly position: number },
  ledger: Digest,
): Notification | undefined {
  if (!isNotified(entry.kind)) return undefined;
  const subject = subjects[entry.kind] as (body: unknown, stream: string) => Subject;
  return {
    v: 1,
    id: digest,
    kind: entry.kind,
    ...{ ledger, position, atMs: entry.at },
    ...subject(entry.body, entry.stream),
  };
}

/** Whether a hook is to be told. One that is bound to channels hears of requests on those alone. */
export function concerns(hook: Hook, { kind, channel }: Notification): boolean {
  if (!hook.on.includes(kind)) return false;
  return channel === null || hook.channels.length === 0 || hook.channels.includes(channel);
}

export function isNotified(kind: string): kind is NotifiedKind {
  return (notifiedKinds as readonly string[]).includes(kind);
}

function runOf(stream: string): string {
  return stream.slice(stream.indexOf(':') + 1);
}

function short(action: Digest): string {
  return action.slice(0, 12);
}

function said(reason: string): string {
  return reason === '' ? '' : `: ${reason}`;
}
