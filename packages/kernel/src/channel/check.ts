import { refusal, type Refusal } from '../refusal/index.ts';
import { readChannel, readChannelRemoval, type Channel } from './channel.ts';
import type { ChannelEntry, Channels } from './evolve.ts';

/**
 * Why a channel makes no sense beside the others: an approver twice, no time to answer or
 * to escalate in, or an
 * escalation to what is not defined or leads back. Refuses with `channel.invalid`.
 */
export function checkChannel(channels: Channels, channel: Channel): Refusal | undefined {
  const { name, approvers, withinMs, escalate } = channel;
  if (new Set(approvers).size !== approvers.length) {
    return refusal('channel.invalid', `the channel ${name} names an approver twice`);
  }
  const spans = escalate === null ? [withinMs] : [withinMs, escalate.afterMs];
  if (!spans.every((ms) => Number.isSafeInteger(ms) && ms > 0)) {
    return refusal('channel.invalid', `the channel ${name} gives no time to answer in`);
  }
  if (escalate === null) return undefined;
  if (escalate.afterMs >= withinMs) {
    return refusal('channel.invalid', `the channel ${name} escalates when its time has run out`);
  }
  const all = new Map(channels).set(name, channel);
  const passed = new Set<string>();
  for (let at = channel; at.escalate !== null;) {
    passed.add(at.name);
    const next = all.get(at.escalate.to);
    if (next === undefined) {
      return refusal('channel.invalid', `there is no channel ${at.escalate.to}`);
    }
    if (passed.has(next.name)) {
      return refusal('channel.invalid', `the channel ${name} escalates to itself in the end`);
    }
    at = next;
  }
  return undefined;
}

/**
 * Why a channel cannot be removed: it is not there, or others escalate to it. Refuses with
 * `channel.unknown` and `channel.invalid`.
 */
export function checkRemoval(channels: Channels, name: string): Refusal | undefined {
  if (!channels.has(name)) return refusal('channel.unknown', `there is no channel ${name}`);
  const above = [...channels.values()].find(({ escalate }) => escalate?.to === name);
  return above === undefined
    ? undefined
    : refusal('channel.invalid', `the channel ${above.name} escalates to ${name}`);
}

/**
 * Why what an entry says makes no sense beside the channels of before; how it is signed is for
 * `evolveChannels` to say. Refuses as `checkChannel` and `checkRemoval` do.
 */
export function checkChannelEntry(channels: Channels, entry: ChannelEntry): Refusal | undefined {
  const { envelope } = entry.body;
  if (entry.kind === 'channel.removed') {
    const read = readChannelRemoval(envelope);
    return read.ok ? checkRemoval(channels, read.value.said.name) : read.refusal;
  }
  const read = readChannel(envelope);
  return read.ok ? checkChannel(channels, read.value.said) : read.refusal;
}
