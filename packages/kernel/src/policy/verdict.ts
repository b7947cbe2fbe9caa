import { Fault } from '../refusal/index.ts';
import type { RuleSet } from './cedar.ts';
import type { Enforcement } from './enforcement.ts';
import type { Frame } from './frame.ts';
import type { Level, PolicyVerdict, RuleMark } from './model.ts';

/** The rules of one level, and what each of them does, by its order. */
export interface LevelRules {
  readonly level: Level;
  /** Whether they are of one run alone, and stand below all that is active. */
  readonly ofRun: boolean;
  readonly ruleSet: RuleSet;
  readonly enforcement: readonly Enforcement[];
}

/** What the rules of all levels come to, while they are read in order. */
interface Tally {
  readonly marks: RuleMark[];
  /** Satisfied forbids that do not hold. */
  readonly forbids: Enforcement[];
  readonly holds: Enforcement[];
  /** Those of one run alone. */
  readonly ownHolds: Enforcement[];
  /** Satisfied rules that lift a hold; they permit nothing. */
  readonly lifts: Enforcement[];
  /** Why the first rule failed. */
  error: string | undefined;
  /** Levels that have no satisfied permit. */
  readonly unpermitted: Level[];
}

/**
 * Our verdict on top of Cedar's answers. An evaluation error in any rule but a shadow denies; so
 * does a forbid at any level, and a level without a satisfied permit. Where all of that is well,
 * a satisfied hold suspends, unless a satisfied rule of its level lifts it, which none does that needs
 * more than one vote, nor where the rule that holds is another than it was made for: the largest quorum, the channel of the first in order of level and id.
 * What a run holds by itself is lifted by nothing, and comes after all else that holds.
 */
export function decideLevels(levels: readonly LevelRules[], frame: Frame): PolicyVerdict {
  const tally: Tally = {
    marks: [],
    forbids: [],
    holds: [],
    ownHolds: [],
    lifts: [],
    error: undefined,
    unpermitted: [],
  };
  for (const level of levels) readLevel(level, frame, tally);
  return verdictOf(tally, levels.length > 0);
}

function readLevel(
  { level, ofRun, ruleSet, enforcement }: LevelRules,
  frame: Frame,
  tally: Tally,
): void {
  const { satisfied, failed } = ruleSet.match(frame);
  let permitted = false;
  for (const { order } of satisfied) {
    const rule = enforcementAt(enforcement, order);
    tally.marks.push(rule.mark);
    if (rule.kind === 'permit') permitted = true;
    else if (rule.kind === 'forbid') tally.forbids.push(rule);
    else if (rule.kind === 'hold') (ofRun ? tally.ownHolds : tally.holds).push(rule);
    else if (rule.kind === 'lift') tally.lifts.push(rule);
  }
  for (const { rule, failure } of failed) {
    const { kind, failureMark } = enforcementAt(enforcement, rule.order);
    tally.marks.push(failureMark);
    if (kind !== 'shadow') tally.error ??= `rule ${rule.id} failed: ${failure.message}`;
  }
  if (!permitted) tally.unpermitted.push(level);
}

function enforcementAt(enforcement: readonly Enforcement[], order: number): Enforcement {
  const found = enforcement[order];
  if (found === undefined) throw new Fault(`rule ${order} of a set has no enforcement`);
  return found;
}

function verdictOf(tally: Tally, isAnyLevel: boolean): PolicyVerdict {
  const { marks: rules, forbids, error, unpermitted } = tally;
  if (error !== undefined) return { kind: 'error', rules, message: error };
  if (forbids.length > 0) return { kind: 'deny', rules, advice: adviceOf(forbids) };
  if (!isAnyLevel) return { kind: 'deny', rules, advice: undefined };
  if (unpermitted.length > 0) return { kind: 'deny', rules, advice: undefined, unpermitted };
  const above = tally.holds.filter((hold) => !isLifted(hold, tally.lifts));
  const holds = [...above, ...tally.ownHolds];
  const [first] = holds;
  if (first === undefined) return { kind: 'permit', rules };
  const lifted = tally.holds.filter((hold) => !above.includes(hold)).map(({ mark }) => mark);
  return {
    kind: 'hold',
    rules,
    channel: first.channel,
    quorum: Math.max(...holds.map(({ quorum }) => quorum)),
    rule: first.mark.id,
    advice: adviceOf(above.length === 0 ? holds : above),
    ...(above.length === 0 ? { byRun: true } : {}),
    ...(lifted.length === 0 ? {} : { lifted }),
  };
}

function adviceOf(rules: readonly Enforcement[]): string | undefined {
  return rules.find(({ advice }) => advice !== undefined)?.advice;
}

function isLifted({ mark, quorum, digest }: Enforcement, lifts: readonly Enforcement[]): boolean {
  const isOf = ({ lifts: lifted, mark: { level } }: Enforcement): boolean =>
    level === mark.level &&
    lifted?.id === mark.id &&
    (lifted.digest === undefined || lifted.digest === digest);
  return quorum === 1 && lifts.some(isOf);
}
