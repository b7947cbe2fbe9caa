import type { Channel, Channels } from '@chancery/kernel/channel';

/**
 * Names of the channels on which `after` may let somebody grant what `before` does not, or later.
 * Never leaves one out where it does.
 */
export function mayGrantMore(before: Channels, after: Channels): readonly string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => !isNarrower(before.get(name), after.get(name))).sort();
}

/** A channel that is not defined asks every approver, for as long as the run waits. */
function isNarrower(before: Channel | undefined, after: Channel | undefined): boolean {
  if (before === undefined) return after === undefined;
  if (after === undefined || after.withinMs > before.withinMs) return false;
  if (!after.approvers.every((key) => before.approvers.includes(key))) return false;
  // Whoever is asked next sooner, later or not at all leaves the first ones more time, or others.
  const [was, is] = [before.escalate, after.escalate];
  return was?.to === is?.to && was?.afterMs === is?.afterMs;
}
