import { risks } from '../../contract/index.ts';
import { isExpired, qualifiedVoters } from '../../quorum/index.ts';
import { actionDigest, actionOf } from '../action.ts';
import {
  established,
  pass,
  refuse,
  type Compilation,
  type Stage,
  type StageVerdict,
} from '../compilation.ts';
import { type Hold } from '../model.ts';
import { isChanging, protectedPath } from '../protected-paths.ts';

/** Stage 12: what a human must answer first, and whether a human has. */
export const holds: Stage = (compilation) => {
  const action = actionOf(compilation);
  compilation.action = action;
  compilation.actionDigest = actionDigest(action);
  return answered(compilation, strictest(reasonsToHold(compilation)));
};

type Reason = (compilation: Compilation) => Hold | undefined;

function builtIn(rule: string, reason: string): Hold {
  return { channel: 'human', quorum: 1, reason, rule };
}

const byPolicy: Reason = ({ verdict }) => {
  if (verdict?.kind !== 'hold') return undefined;
  const { channel, quorum, rule, advice } = verdict;
  // A quorum that anybody reaches would be no hold.
  return { channel, quorum: Math.max(1, quorum), rule, reason: advice ?? `the rule ${rule} asks` };
};

const byIrreversibility: Reason = ({ effects, capability }) => {
  if (!established(effects).includes('irreversible')) return undefined;
  if (established(capability).contract.compensable) return undefined;
  return builtIn('irreversible', 'it cannot be undone');
};

const byRisk: Reason = ({ capability, input }) => {
  const { risk } = established(capability).contract;
  const level = risks.indexOf(risk);
  // A risk that is not on the scale is the highest.
  if (level >= 0 && level < risks.indexOf(input.riskThreshold)) return undefined;
  return builtIn('risk', `its risk is ${risk}`);
};

const byProtectedPath: Reason = ({ effects, normalised, input }) => {
  if (!isChanging(established(effects))) return undefined;
  const path = protectedPath(established(normalised).paths, input.protectedPaths);
  return path === undefined ? undefined : builtIn('protected-path', `${path} is protected`);
};

/** In the order in which they win among equal quorums. */
const reasons: readonly Reason[] = [byPolicy, byIrreversibility, byRisk, byProtectedPath];

function reasonsToHold(compilation: Compilation): readonly Hold[] {
  const found: Hold[] = [];
  for (const reason of reasons) {
    const hold = reason(compilation);
    if (hold !== undefined) found.push(hold);
  }
  return found;
}

/** The hold of the highest quorum, with the reasons of all. */
function strictest(found: readonly Hold[]): Hold | undefined {
  let highest = found[0];
  if (highest === undefined) return undefined;
  for (const hold of found) if (hold.quorum > highest.quorum) highest = hold;
  return { ...highest, reason: found.map((hold) => hold.reason).join('; ') };
}

/**
 * A human's no stands even when nothing asks for a hold any more, and time that has run out is a no.
 * A yes counts once, in time, and only as far as the keys behind it are still trusted.
 */
function answered(
  { input, actionDigest: action }: Compilation,
  hold: Hold | undefined,
): StageVerdict {
  const { resolution, trust, actor, nowMs } = input;
  const answer = resolution?.action === action ? resolution : undefined;
  if (answer?.outcome === 'denied') return refuse('approval.denied', 'a human denied this action');
  const open = answer?.used === true ? undefined : answer;
  if (open?.outcome === 'expired' || (open && isExpired(open.expiresAt, nowMs))) {
    return refuse('approval.expired', 'the action was not released in time');
  }
  if (hold === undefined) return pass;
  if (open === undefined) return { kind: 'hold', hold };
  const needed = Math.max(hold.quorum, open.quorum);
  const reached = qualifiedVoters(open.voters, trust, actor).length >= needed;
  return reached ? pass : { kind: 'hold', hold };
}
