import { approversOn, type Channels } from '@chancery/kernel/channel';
import { isJsonObject } from '@chancery/kernel/encoding';
import { bundleIn, type ActiveBundle, type Level } from '@chancery/kernel/policy';
import type { Trust } from '@chancery/kernel/writ';

/** A rule of a bundle that holds, whom it asks and how many must grant. */
export interface HoldingRule {
  readonly level: Level;
  readonly rule: string;
  readonly channel: string;
  readonly quorum: number;
}

/** The rules that hold; one that is only watched asks nobody. */
export function holdingRules(bundles: Iterable<ActiveBundle>): readonly HoldingRule[] {
  return [...bundles].map(bundleIn).flatMap(({ level, policies }) =>
    Object.entries(policies.staticPolicies).flatMap(([rule, policy]) => {
      const annotations = isJsonObject(policy) ? policy['annotations'] : undefined;
      if (!isJsonObject(annotations) || Object.hasOwn(annotations, 'shadow')) return [];
      const { hold: channel, quorum = '1' } = annotations;
      return typeof channel === 'string' ? [{ level, rule, channel, quorum: Number(quorum) }] : [];
    }),
  );
}

/** A rule whose hold nobody could release, and how many may answer it. */
export interface UnreachableHold extends HoldingRule {
  readonly approvers: number;
}

/** Rules that hold an action for more votes than there are keys that may give one. */
export function unreachableHolds(
  bundles: Iterable<ActiveBundle>,
  { channels, trust }: { readonly channels: Channels; readonly trust: Trust },
): readonly UnreachableHold[] {
  return holdingRules(bundles).flatMap((hold) => {
    const approvers = approversOn(hold.channel, { channels, trust, proposer: null }).length;
    return approvers < hold.quorum ? [{ ...hold, approvers }] : [];
  });
}
