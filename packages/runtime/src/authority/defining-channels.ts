import { unreachableHolds } from '@chancery/domain/policies';
import {
  checkChannel,
  checkRemoval,
  defineChannel,
  removeChannel,
  type Channel,
  type Channels,
} from '@chancery/kernel/channel';
import { recordText, type Digest } from '@chancery/kernel/encoding';
import { done, refused, type Refusal, type Result } from '@chancery/kernel/refusal';
import { isTrustedFor } from '@chancery/kernel/writ';
import { neverReleased } from './activating.ts';
import type { PolicyStanding } from './authority.ts';
import { legislate } from './legislating.ts';
import type { Signatory } from './signatory.ts';
import { whyNotUsable } from './usable-keys.ts';

/**
 * Signs and records whom a channel asks from here on; what was asked before stays as it was asked.
 * Answers the digest of the entry; null where it is defined so already, and nothing is recorded.
 * Refuses `policy.not-signer`, `approval.not-approver` for a key that is not trusted for approving,
 * `key.invalid` for one that cannot sign, `channel.invalid`, and `approval.unreachable` where an active
 * rule holds on it for more votes than it has approvers.
 */
export async function recordChannel(
  signatory: Signatory,
  channel: Channel,
): Promise<Result<Digest | null>> {
  const unusable = whyNotUsable(...channel.approvers);
  if (unusable !== undefined) return { ok: false, refusal: unusable };
  return legislate<null>(signatory, (standing, place) => {
    const { trust, channels } = standing;
    const stranger = channel.approvers.find((key) => !isTrustedFor(trust, key, 'approve'));
    if (stranger !== undefined) {
      return refused('approval.not-approver', `${stranger} is not trusted for approving`, {
        remedy: 'Have the roots trust it first: `chancery keys trust KEY --purpose approve`.',
      });
    }
    const unfit = checkChannel(channels, channel);
    if (unfit !== undefined) return { ok: false, refusal: unfit };
    const after = new Map(channels).set(channel.name, channel);
    const unreachable = newlyUnreachable(standing, after);
    if (unreachable !== undefined) return { ok: false, refusal: unreachable };
    const known = channels.get(channel.name);
    if (known !== undefined && recordText(known) === recordText(channel)) return done(null);
    const envelope = defineChannel({ ...place, ...channel }, signatory.by);
    return done({ draft: { stream: 'policy', kind: 'channel.defined', body: { envelope } } });
  });
}

/**
 * Signs and records that a channel is none any more, so that its name means every approver. Answers
 * the digest of the entry. Refuses `policy.not-signer`, `channel.unknown`, and `channel.invalid` for
 * one that others escalate to, and `approval.unreachable` as `recordChannel`.
 */
export function recordChannelRemoval(
  signatory: Signatory,
  { name, reason }: { readonly name: string; readonly reason: string },
): Promise<Result<Digest>> {
  return legislate<never>(signatory, (standing, place) => {
    const { channels } = standing;
    const unfit = checkRemoval(channels, name);
    if (unfit !== undefined) return { ok: false, refusal: unfit };
    const after = new Map([...channels].filter(([channel]) => channel !== name));
    const unreachable = newlyUnreachable(standing, after);
    if (unreachable !== undefined) return { ok: false, refusal: unreachable };
    const envelope = removeChannel({ ...place, name, reason }, signatory.by);
    return done({ draft: { stream: 'policy', kind: 'channel.removed', body: { envelope } } });
  });
}

/** Refuses `approval.unreachable` where a rule could be answered before, and cannot be afterwards. */
function newlyUnreachable(
  { active, channels, trust }: PolicyStanding,
  after: Channels,
): Refusal | undefined {
  const before = unreachableHolds(active.values(), { channels, trust });
  const now = unreachableHolds(active.values(), { channels: after, trust });
  const worse = now.find(
    ({ level, rule }) => !before.some((each) => each.level === level && each.rule === rule),
  );
  return worse && neverReleased(worse);
}
