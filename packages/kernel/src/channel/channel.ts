import {
  closed,
  exactly,
  isCount,
  isDigest,
  isKeyId,
  misfit,
  readStatement,
  sealEnvelope,
  textOf,
  type Digest,
  type Envelope,
  type Form,
  type KeyId,
  type ReadStatement,
  type Signer,
} from '../encoding/index.ts';
import type { Result } from '../refusal/index.ts';

/** Whom a request on a channel asks, how long they have, and who is asked after them. */
export interface Channel {
  /** As `@hold` names it. */
  readonly name: string;
  /** Keys that may vote, each once, as far as they are trusted for approving. */
  readonly approvers: readonly KeyId[];
  /** How long they have, milliseconds; after that nothing is granted. */
  readonly withinMs: number;
  /** Where it is asked anew when nobody has decided after `afterMs`; null where it is not. */
  readonly escalate: { readonly to: string; readonly afterMs: number } | null;
}

/** Payload of `channel.defined`; it takes the place of an earlier one of the same name. */
export interface ChannelDefinition extends Channel {
  readonly v: 1;
  readonly channel: 'define';
  readonly ledger: Digest;
  /** The entry of the stream `policy` that it was signed upon. */
  readonly after: Digest;
}

/** Payload of `channel.removed`: the name means every approver again. */
export interface ChannelRemoval {
  readonly v: 1;
  readonly channel: 'remove';
  readonly ledger: Digest;
  /** As in `ChannelDefinition`. */
  readonly after: Digest;
  readonly name: string;
  readonly reason: string;
}

const payloadType = 'application/vnd.chancery.channel+json';

/** A channel is named as `@hold` names it. */
export const channelForm = /^[a-z][a-z0-9-]{0,63}$/;

const isName: Form = (value) => typeof value === 'string' && channelForm.test(value);

const isSpan: Form = (value) => isCount(value) && value !== 0;

const isKey: Form = (value) => typeof value === 'string' && isKeyId(value);

const escalation: Readonly<Record<string, Form>> = { to: isName, afterMs: isSpan };

const shared: Readonly<Record<string, Form>> = {
  v: exactly(1),
  ledger: isDigest,
  after: isDigest,
  name: isName,
};

const definitionForm: Readonly<Record<string, Form>> = {
  ...shared,
  channel: exactly('define'),
  approvers: (value) => Array.isArray(value) && value.length > 0 && value.every(isKey),
  withinMs: isSpan,
  escalate: (value) => value === null || closed(escalation)(value),
};

const removalForm: Readonly<Record<string, Form>> = {
  ...shared,
  channel: exactly('remove'),
  reason: textOf(0, 4096),
};

/** Signs what a channel is from this place on. */
export function defineChannel(
  asked: Omit<ChannelDefinition, 'v' | 'channel'>,
  by: Signer,
): Envelope {
  const { ledger, after, name, approvers, withinMs, escalate } = asked;
  const payload: ChannelDefinition = {
    ...{ v: 1, channel: 'define', ledger, after },
    ...{ name, approvers, withinMs, escalate },
  };
  return sealEnvelope(payloadType, payload, [by]);
}

/** Signs that a channel is none any more. */
export function removeChannel(asked: Omit<ChannelRemoval, 'v' | 'channel'>, by: Signer): Envelope {
  const payload: ChannelRemoval = { ...asked, v: 1, channel: 'remove' };
  return sealEnvelope(payloadType, payload, [by]);
}

/** Reads a definition, signed by exactly one key. Refuses with `envelope.invalid`. */
export function readChannel(envelope: Envelope): Result<ReadStatement<ChannelDefinition>> {
  return read<ChannelDefinition>(envelope, definitionForm);
}

/** Reads a removal, signed by exactly one key. Refuses with `envelope.invalid`. */
export function readChannelRemoval(envelope: Envelope): Result<ReadStatement<ChannelRemoval>> {
  return read<ChannelRemoval>(envelope, removalForm);
}

function read<S extends ChannelDefinition | ChannelRemoval>(
  envelope: Envelope,
  form: Readonly<Record<string, Form>>,
): Result<ReadStatement<S>> {
  return readStatement<S>(envelope, {
    type: payloadType,
    what: 'what is said of the channel',
    wrongIn: (payload) => misfit(payload, form),
  });
}
