import {
  exactly,
  isDigest,
  misfit,
  openEnvelope,
  sealEnvelope,
  textOf,
  type Digest,
  type Envelope,
  type Form,
  type KeyId,
  type Signer,
} from '../encoding/index.ts';
import { done, refused, type Result } from '../refusal/index.ts';

/** Payload of `control.engaged`: what is to halt, and why. */
export interface Engagement {
  readonly v: 1;
  readonly control: 'engage';
  readonly ledger: Digest;
  /** The entry of the stream `control` that it was signed upon; the ledger id where there is none. */
  readonly after: Digest;
  readonly scope: 'all' | 'run';
  /** Id of the run; null for all. */
  readonly run: string | null;
  readonly mode: 'kill';
  readonly reason: string;
}

/** Payload of `control.cleared`: a control that is engaged halts nothing from here on. */
export interface Clearance {
  readonly v: 1;
  readonly control: 'clear';
  readonly ledger: Digest;
  /** As in `Engagement`. */
  readonly after: Digest;
  /** Digest of the entry `control.engaged`. */
  readonly engaged: Digest;
  readonly reason: string;
}

export type Control = Engagement | Clearance;

/** A control with the one key that signed it; whether it may is for `evolveControls` to say. */
export interface ReadControl<C extends Control = Control> {
  readonly control: C;
  readonly signer: KeyId;
}

const payloadType = 'application/vnd.chancery.control+json';

const shared: Readonly<Record<string, Form>> = {
  v: exactly(1),
  ledger: isDigest,
  after: isDigest,
  reason: textOf(0, 4096),
};

const name = textOf(1, 128);

const forms: Readonly<Record<Control['control'], Readonly<Record<string, Form>>>> = {
  engage: {
    ...shared,
    control: exactly('engage'),
    scope: (value) => value === 'all' || value === 'run',
    run: (value) => value === null || name(value),
    mode: exactly('kill'),
  },
  clear: { ...shared, control: exactly('clear'), engaged: isDigest },
};

/** Signs that everything, or one run, is to halt. */
export function engage(asked: Omit<Engagement, 'v' | 'control'>, by: Signer): Envelope {
  const payload: Engagement = { ...asked, v: 1, control: 'engage' };
  return sealEnvelope(payloadType, payload, [by]);
}

/** Signs that a control is cleared. */
export function clear(asked: Omit<Clearance, 'v' | 'control'>, by: Signer): Envelope {
  const payload: Clearance = { ...asked, v: 1, control: 'clear' };
  return sealEnvelope(payloadType, payload, [by]);
}

/** Reads an engagement, signed by exactly one key. Refuses with `envelope.invalid`. */
export function readEngagement(envelope: Envelope): Result<ReadControl<Engagement>> {
  const read = readControl(envelope, 'engage');
  if (!read.ok) return read;
  const engagement = read.value.control as Engagement;
  if ((engagement.scope === 'run') !== (engagement.run !== null)) {
    return refused('envelope.invalid', 'the control names a run where it is about one alone');
  }
  return done({ control: engagement, signer: read.value.signer });
}

/** Reads a clearance, signed by exactly one key. Refuses with `envelope.invalid`. */
export function readClearance(envelope: Envelope): Result<ReadControl<Clearance>> {
  const read = readControl(envelope, 'clear');
  if (!read.ok) return read;
  return done({ control: read.value.control as Clearance, signer: read.value.signer });
}

function readControl(envelope: Envelope, kind: Control['control']): Result<ReadControl> {
  const opened = openEnvelope(envelope, payloadType);
  if (!opened.ok) return opened;
  const { payload, signers } = opened.value;
  const wrong = misfit(payload, forms[kind]);
  if (wrong !== undefined) {
    return refused('envelope.invalid', `the control has a malformed "${wrong}"`);
  }
  const [signer] = signers;
  if (signer === undefined || envelope.signatures.length !== 1) {
    return refused('envelope.invalid', 'the control bears more than one signature');
  }
  return done({ control: payload as unknown as Control, signer });
}
