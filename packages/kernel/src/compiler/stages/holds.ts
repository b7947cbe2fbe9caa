import { approversOn } from '../../channel/index.ts';
import { isExpired, voicesOf } from '../../quorum/index.ts';
import { actionDigest, actionOf } from '../action.ts';
import {
  established,
  pass,
  refuse,
  type Compilation,
  type Stage,
  type StageVerdict,
} from '../compilation.ts';
import type { Hold } from '../model.ts';
import { requiredHold } from '../required-hold.ts';

/** Stage 12: what a human must answer first, and whether a human has. */
export const holds: Stage = (compilation) => {
  const action = actionOf(compilation);
  compilation.action = action;
  compilation.actionDigest = actionDigest(action);
  const { verdict, builtInHolds } = compilation;
  return answered(compilation, requiredHold(verdict, established(builtInHolds)));
};

/**
 * A human's no stands even when nothing asks for a hold any more, and time that has run out is a no.
 * A yes counts once, in time, on the channel that is to be asked, and only as far as the keys behind
 * it are still trusted.
 */
function answered(compilation: Compilation, hold: Hold | undefined): StageVerdict {
  const { input, actionDigest: action } = compilation;
  const { resolution, trust, actor, nowMs } = input;
  const answer = resolution?.action === action ? resolution : undefined;
  if (answer?.outcome === 'denied') return refuse('approval.denied', 'a human denied this action');
  const open = answer?.used === true ? undefined : answer;
  if (open?.outcome === 'expired' || (open && isExpired(open.expiresAt, nowMs))) {
    return refuse('approval.expired', 'the action was not released in time');
  }
  if (hold === undefined) return pass;
  if (open?.channel !== hold.channel) return asked(compilation, hold);
  const needed = Math.max(hold.quorum, open.quorum);
  const reached = voicesOf(open.voters, { ...open.asked, trust, proposer: actor, nowMs }) >= needed;
  return reached ? pass : asked(compilation, hold);
}

/** A question that too few may answer would wait for what cannot come. */
function asked({ input }: Compilation, hold: Hold): StageVerdict {
  const { channels, trust, actor: proposer } = input;
  const few = approversOn(hold.channel, { channels, trust, proposer }).length;
  if (few >= hold.quorum) return { kind: 'hold', hold };
  const message = `${hold.quorum} must approve on the channel ${hold.channel}, and ${few} may`;
  return refuse('approval.unreachable', message, { details: { channel: hold.channel } });
}
