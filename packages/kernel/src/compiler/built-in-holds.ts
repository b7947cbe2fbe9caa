import { risks, type Effect, type Risk } from '../contract/index.ts';
import { labelRemover } from './labels.ts';
import type { Hold } from './model.ts';
import { isChanging, protectedPath } from './protected-paths.ts';

/** What of an action and its run can hold it, whatever policy says. */
export interface HoldFacts {
  readonly capability: string;
  readonly risk: string;
  /** Whether its effect can be undone by the runtime. */
  readonly compensable: boolean;
  readonly effects: readonly Effect[];
  readonly paths: readonly string[];
  readonly riskThreshold: Risk;
  readonly protectedPaths: readonly string[];
}

type Reason = (facts: HoldFacts) => Hold | undefined;

function builtIn(rule: string, reason: string): Hold {
  return { channel: 'human', quorum: 1, reason, rule };
}

const byIrreversibility: Reason = ({ effects, compensable }) => {
  if (compensable || !effects.includes('irreversible')) return undefined;
  return builtIn('irreversible', 'it cannot be undone');
};

const byRisk: Reason = ({ risk, riskThreshold }) => {
  const level = risks.indexOf(risk as Risk);
  // A risk that is not on the scale is the highest.
  if (level >= 0 && level < risks.indexOf(riskThreshold)) return undefined;
  return builtIn('risk', `its risk is ${risk}`);
};

const byProtectedPath: Reason = ({ effects, paths, protectedPaths }) => {
  if (!isChanging(effects)) return undefined;
  const path = protectedPath(paths, protectedPaths);
  return path === undefined ? undefined : builtIn('protected-path', `${path} is protected`);
};

const byLabelRemoval: Reason = ({ capability }) =>
  capability === labelRemover
    ? builtIn('label-removal', 'it takes a label of secrecy from the run')
    : undefined;

/** In the order in which they win among equal quorums. */
const reasons: readonly Reason[] = [byLabelRemoval, byIrreversibility, byRisk, byProtectedPath];

/** Why an action waits for a human whatever policy says of it. */
export function builtInHolds(facts: HoldFacts): readonly Hold[] {
  const found: Hold[] = [];
  for (const reason of reasons) {
    const hold = reason(facts);
    if (hold !== undefined) found.push(hold);
  }
  return found;
}
