import { type KeyId, type ReadStatement } from '../encoding/index.ts';
import { type Entry } from '../ledger/index.ts';
import { done, refused, type Result } from '../refusal/index.ts';
import { isTrustedFor, withoutCompromises, type Trust } from '../writ/index.ts';
import {
  readChannel,
  readChannelRemoval,
  type Channel,
  type ChannelDefinition,
  type ChannelRemoval,
} from './channel.ts';

/** Channels that are defined, by name. A name that is not among them means every approver. */
export type Channels = ReadonlyMap<string, Channel>;

/** Entries that channels are folded from. */
export type ChannelEntry = Entry<'channel.defined'> | Entry<'channel.removed'>;

/** One of them, with its place in the order of the whole ledger. */
export interface PlacedChannelEntry {
  readonly entry: ChannelEntry;
  readonly position?: number | undefined;
}

export function isChannelEntry(entry: Entry): entry is ChannelEntry {
  return entry.kind === 'channel.defined' || entry.kind === 'channel.removed';
}

/**
 * The channels after an entry. What is signed names the ledger and the entry before it, so that it
 * cannot be recorded a second time, here or elsewhere; its signer is the author of the entry, and
 * trusted to sign policies. Where that key is found to be compromised, it says nothing. Refuses with
 * `envelope.invalid`. Whether the channels make sense together is for `checkChannel` to say.
 */
export function evolveChannels(
  channels: Channels,
  { entry, position }: PlacedChannelEntry,
  present: Trust,
): Result<Channels> {
  if (entry.kind === 'channel.defined') {
    const read = placed(entry, readChannel(entry.body.envelope), { present, at: position });
    if (!read.ok) return read;
    if (!read.value.counts) return done(channels);
    const { name, approvers, withinMs, escalate } = read.value.said;
    return done(new Map(channels).set(name, { name, approvers, withinMs, escalate }));
  }
  const read = placed(entry, readChannelRemoval(entry.body.envelope), { present, at: position });
  if (!read.ok) return read;
  if (!read.value.counts) return done(channels);
  const left = new Map(channels);
  left.delete(read.value.said.name);
  return done(left);
}

interface Placed<S> {
  readonly said: S;
  /** Whether its key is still believed. */
  readonly counts: boolean;
}

function placed<S extends ChannelDefinition | ChannelRemoval>(
  { by, prev }: ChannelEntry,
  read: Result<ReadStatement<S>>,
  { present, at }: { readonly present: Trust; readonly at: number | undefined },
): Result<Placed<S>> {
  if (!read.ok) return read;
  const { said, signer } = read.value;
  if (said.ledger !== present.ledger || said.after !== prev) {
    return refused('envelope.invalid', 'what is said of the channel was signed for another place');
  }
  if (signer !== by) {
    return refused('envelope.invalid', 'the channel is signed by another key than its author');
  }
  if (!isTrustedFor(withoutCompromises(present), signer, 'sign-policy', at)) {
    return refused('envelope.invalid', `${signer} is not trusted to sign policies`);
  }
  return done({ said, counts: isTrustedFor(present, signer, 'sign-policy', at) });
}

/**
 * Keys that a request on a channel asks: its approvers, or every one where the channel is not
 * defined, that are trusted for approving and are not the proposer's.
 */
export function approversOn(
  channel: string,
  { channels, trust, proposer }: ApproversContext,
): readonly KeyId[] {
  const named = channels.get(channel)?.approvers ?? trust.keys.keys();
  return [...named].filter((key) => key !== proposer && isTrustedFor(trust, key, 'approve'));
}

export interface ApproversContext {
  readonly channels: Channels;
  readonly trust: Trust;
  /** Key that proposed the action; null where nobody has. */
  readonly proposer: KeyId | null;
}
