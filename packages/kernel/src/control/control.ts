import {
  exactly,
  isDigest,
  misfit,
  readStatement,
  sealEnvelope,
  textOf,
  type Digest,
  type Envelope,
  type Form,
  type JsonObject,
  type ReadStatement,
  type Signer,
} from '../encoding/index.ts';
import type { Result } from '../refusal/index.ts';
import { controlModes, type ControlMode, type ControlScope } from './halt.ts';

/** Payload of `control.engaged`: what is to halt, how, and why. */
export type Engagement = ControlScope & {
  readonly v: 1;
  readonly control: 'engage';
  readonly ledger: Digest;
  /** The entry of the stream `control` that it was signed upon; the ledger id where there is none. */
  readonly after: Digest;
  readonly mode: ControlMode;
  readonly reason: string;
};

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

const payloadType = 'application/vnd.chancery.control+json';

const shared: Readonly<Record<string, Form>> = {
  v: exactly(1),
  ledger: isDigest,
  after: isDigest,
  reason: textOf(0, 4096),
};

const name = textOf(1, 128);

type Members = Readonly<Record<string, Form>>;

/** What a control names, by its scope: a scope that is not here is not read, and stops everything. */
const scopes: Readonly<Record<Engagement['scope'], Members>> = {
  all: { scope: exactly('all'), run: exactly(null) },
  run: { scope: exactly('run'), run: name },
  plan: { scope: exactly('plan'), run: exactly(null), plan: name },
  writ: { scope: exactly('writ'), run: exactly(null), writ: isDigest },
};

const engagement: Members = {
  ...shared,
  control: exactly('engage'),
  mode: (value) => controlModes.some((mode) => mode === value),
};

const clearance: Members = { ...shared, control: exactly('clear'), engaged: isDigest };

type Asked<C> = C extends Control ? Omit<C, 'v' | 'control'> : never;

/** Signs that everything, one run, a plan, or one writ with all below it, is to halt. */
export function engage(asked: Asked<Engagement>, by: Signer): Envelope {
  const payload: Engagement = { ...asked, v: 1, control: 'engage' };
  return sealEnvelope(payloadType, payload, [by]);
}

/** Signs that a control is cleared. */
export function clear(asked: Asked<Clearance>, by: Signer): Envelope {
  const payload: Clearance = { ...asked, v: 1, control: 'clear' };
  return sealEnvelope(payloadType, payload, [by]);
}

/** Reads an engagement, signed by exactly one key. Refuses with `envelope.invalid`. */
export function readEngagement(envelope: Envelope): Result<ReadStatement<Engagement>> {
  return readControl<Engagement>(envelope, (payload) => {
    const { scope } = payload;
    const named = isScope(scope) ? scopes[scope] : { scope: () => false };
    return misfit(payload, { ...engagement, ...named });
  });
}

function isScope(value: unknown): value is Engagement['scope'] {
  return typeof value === 'string' && Object.hasOwn(scopes, value);
}

/** Reads a clearance, signed by exactly one key. Refuses with `envelope.invalid`. */
export function readClearance(envelope: Envelope): Result<ReadStatement<Clearance>> {
  return readControl<Clearance>(envelope, (payload) => misfit(payload, clearance));
}

function readControl<C extends Control>(
  envelope: Envelope,
  wrongIn: (payload: JsonObject) => string | undefined,
): Result<ReadStatement<C>> {
  return readStatement<C>(envelope, { type: payloadType, what: 'the control', wrongIn });
}
