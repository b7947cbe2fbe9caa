import { risks } from '../contract/index.ts';
import { established, type Compilation } from './compilation.ts';
import { labelRemover } from './labels.ts';
import { type Hold } from './model.ts';
import { isChanging, protectedPath } from './protected-paths.ts';

type Reason = (compilation: Compilation) => Hold | undefined;

function builtIn(rule: string, reason: string): Hold {
  return { channel: 'human', quorum: 1, reason, rule };
}

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

const byLabelRemoval: Reason = ({ capability }) =>
  established(capability).contract.name === labelRemover
    ? builtIn('label-removal', 'it takes a label of secrecy from the run')
    : undefined;

/** In the order in which they win among equal quorums. */
const reasons: readonly Reason[] = [byLabelRemoval, byIrreversibility, byRisk, byProtectedPath];

/** Why an action waits for a human whatever policy says of it. */
export function builtInHolds(compilation: Compilation): readonly Hold[] {
  const found: Hold[] = [];
  for (const reason of reasons) {
    const hold = reason(compilation);
    if (hold !== undefined) found.push(hold);
  }
  return found;
}
