import type { KeyId } from '../encoding/index.ts';
import type { Entry } from '../ledger/index.ts';
import { done, type Result } from '../refusal/index.ts';
import { believe, isTrustedFor, saidByLegislator, type Trust } from '../writ/index.ts';
import { readChannel, readChannelRemoval, type Channel } from './channel.ts';

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

const saying = saidByLegislator('what is said of the channel');

/**
 * The channels after an entry, see `believe`: its signer is trusted to sign policies. Where that key is
 * found to be compromised, it says nothing. Refuses with `envelope.invalid`. Whether the channels make
 * sense together is for `checkChannel` to say.
 */
export function evolveChannels(
  channels: Channels,
  { entry, position }: PlacedChannelEntry,
  present: Trust,
): Result<Channels> {
  const { envelope } = entry.body;
  const read =
    entry.kind === 'channel.defined' ? readChannel(envelope) : readChannelRemoval(envelope);
  if (!read.ok) return read;
  const counts = believe(read.value, { entry, position }, saying, present);
  if (!counts.ok) return counts;
  if (!counts.value) return done(channels);
  const next = new Map(channels);
  const { said } = read.value;
  if (said.channel === 'remove') next.delete(said.name);
  else {
    const { name, approvers, withinMs, escalate } = said;
    next.set(name, { name, approvers, withinMs, escalate });
  }
  return done(next);
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
