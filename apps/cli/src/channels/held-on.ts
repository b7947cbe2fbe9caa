import { holdingRules } from '@chancery/domain/policies';
import type { Channels } from '@chancery/kernel/channel';
import type { ActiveBundle } from '@chancery/kernel/policy';

/** The channel of what is held without policy; undefined, it asks every approver, as is meant. */
const usual = 'human';

/** Ids of the rules that hold on a channel, in their order. */
export function rulesHoldingOn(
  bundles: Iterable<ActiveBundle>,
  channel: string,
): readonly string[] {
  const rules = holdingRules(bundles).filter((rule) => rule.channel === channel);
  return [...new Set(rules.map(({ rule }) => rule))].sort();
}

/** Channels that rules hold on and nobody has defined, in their order. */
export function undefinedChannels(
  bundles: Iterable<ActiveBundle>,
  channels: Channels,
): readonly string[] {
  const named = new Set(holdingRules(bundles).map(({ channel }) => channel));
  return [...named].filter((name) => name !== usual && !channels.has(name)).sort();
}
