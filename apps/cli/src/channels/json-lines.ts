import { closed, count, digest, keyId, line, listOf, orNull, text } from '../json-line.ts';

const channel = {
  name: text,
  approvers: listOf(keyId),
  withinMs: count,
  escalate: orNull(closed({ to: text, afterMs: count })),
};

const rules = listOf(text);

/** What the commands about channels tell. */
export const channelLines = {
  channel: line(['channels list'], 'A channel, and whom a request on it asks.', channel),
  'channel-defined': line(
    ['channels define'],
    'Whom a channel asks from here on; `entry` is null where it did before. `rules` are those of the active policies that hold on it.',
    { ...channel, entry: orNull(digest), by: keyId, rules },
  ),
  'channel-removed': line(
    ['channels remove'],
    'A name is no channel any more. `rules` are those of the active policies that hold on it, and now ask every approver.',
    { ...{ name: text, entry: digest, by: keyId, reason: text }, rules },
  ),
};
