import type { PolicyVerdict } from '../policy/index.ts';
import type { Hold } from './model.ts';

/**
 * What a human must answer first, by the verdict of policy and by what holds an action besides: the
 * hold of the highest quorum, with the reasons of all. What policy asks for wins among equal ones. What
 * the run alone asks for can make more votes of what holds the action anyway, and takes nobody from
 * those who are asked.
 */
export function requiredHold(
  verdict: PolicyVerdict | undefined,
  builtIn: readonly Hold[],
): Hold | undefined {
  const asked = askedBy(verdict);
  const found = asked === undefined ? builtIn : [asked, ...builtIn];
  const reason = found.map((hold) => hold.reason).join('; ');
  const [anyway] = builtIn;
  if (asked !== undefined && anyway !== undefined && isByRun(verdict)) {
    return { ...anyway, quorum: Math.max(...found.map(({ quorum }) => quorum)), reason };
  }
  let highest = found[0];
  if (highest === undefined) return undefined;
  for (const hold of found) if (hold.quorum > highest.quorum) highest = hold;
  return { ...highest, reason };
}

function isByRun(verdict: PolicyVerdict | undefined): boolean {
  return verdict?.kind === 'hold' && verdict.byRun === true;
}

function askedBy(verdict: PolicyVerdict | undefined): Hold | undefined {
  if (verdict?.kind !== 'hold') return undefined;
  const { channel, quorum, rule, advice } = verdict;
  // A quorum that anybody reaches would be no hold.
  return { channel, quorum: Math.max(1, quorum), rule, reason: advice ?? `the rule ${rule} asks` };
}
