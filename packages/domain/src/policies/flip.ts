import { isJsonObject, type JsonObject } from '@chancery/kernel/encoding';
import type { Bundle, Level, PolicyRequest, PolicyVerdict } from '@chancery/kernel/policy';
import type { Possible } from './candidates.ts';
import { evaluating, formulaOf } from './formula.ts';
import { isVariable, type Change } from './request-form.ts';
import { variantOf, waysTo, type Trying, type Variant } from './ways.ts';

/** What of an action would have to be different, and what policy would say then. */
export interface Flip {
  readonly changes: readonly Change[];
  readonly verdict: PolicyVerdict['kind'];
}

/** What came of the search for changes of an action by which another verdict would come. */
export interface Flips {
  readonly found: readonly Flip[];
  /** How many variants of the action were decided. */
  readonly tried: number;
  /** Members that were other in one of them, in code unit order. */
  readonly members: readonly string[];
}

/** What decides, and what can be asked of it. */
export interface Deciding extends Possible {
  /** Those alone that count on the action. */
  readonly bundles: readonly Bundle[];
  readonly decide: (request: PolicyRequest) => PolicyVerdict;
}

/** From the best that an agent can hope for. */
const preference: readonly PolicyVerdict['kind'][] = ['permit', 'hold', 'deny', 'error'];

const shown = 8;

/** Another agent, kind or capability makes of an action another one: as much as three members of one. */
const weightOfVariable = 3;

function sizeOf(changes: readonly Change[]): number {
  return changes.reduce((sum, { member }) => sum + (isVariable(member) ? weightOfVariable : 1), 0);
}

/** Rules that are turned one after the other, and variants that are decided at most. */
const maxTurned = 4;
const maxTried = 5_000;

/** A rule that counts, and what it asks. */
interface Asking {
  readonly id: string;
  readonly level: Level;
  readonly permits: boolean;
  readonly formula: JsonObject;
}

/**
 * The smallest changes of an action by which another verdict would come of it, of those that follow
 * from what the rules compare with: each rule is made to match where it does not, and not to match
 * where it does, and where one does not do, several. Every one that is told was decided, and none has
 * a change that it could do without. Of those that are as small, those first that permit.
 */
export function smallestFlips(original: PolicyRequest, deciding: Deciding): Flips {
  const { bundles, decide, form, known } = deciding;
  const trying = { form, known, original, truth: evaluating() };
  const search = new Search(decide(original).kind, decide, trying);
  let frontier: readonly Variant[] = [{ changes: [], request: original }];
  const rules = bundles.flatMap(rulesOf);
  for (let turned = 1; turned <= maxTurned; turned += 1) {
    const from = frontier.flatMap((variant) => {
      const standing = turned === 1 ? rules : inTheWay(rules, decide(variant.request));
      return standing.map((rule) => ({ variant, rule }));
    });
    frontier = from.flatMap(({ variant, rule }) => search.turn(rule, variant));
    // What turns another rule as well has one change more at least.
    if (search.least <= turned + 1 || search.isOver) break;
  }
  return search.result();
}

class Search {
  readonly #seen = new Set<string>();
  readonly #members = new Set<string>();
  readonly #found = new Map<string, Flip>();
  readonly #present: PolicyVerdict['kind'];
  readonly #decide: Deciding['decide'];
  readonly #trying: Trying;

  constructor(present: PolicyVerdict['kind'], decide: Deciding['decide'], trying: Trying) {
    this.#present = present;
    this.#decide = decide;
    this.#trying = trying;
  }

  get isOver(): boolean {
    return this.#seen.size >= maxTried;
  }

  /** Size of the smallest that was found. */
  get least(): number {
    return Math.min(...[...this.#found.values()].map(({ changes }) => sizeOf(changes)));
  }

  /** Decides the variants in which a rule does what it does not do; those that flip nothing are told. */
  turn({ formula }: Asking, from: Variant): readonly Variant[] {
    if (this.isOver) return [];
    const present = this.#trying.truth(formula, from.request);
    const wanted = [true, false].filter((holds) => holds !== present);
    return wanted
      .flatMap((holds) => waysTo(formula, holds, from, this.#trying))
      .filter((variant) => this.#isLeft(variant));
  }

  #isLeft(variant: Variant): boolean {
    const key = keyOf(variant.changes);
    if (key === '' || this.#seen.has(key) || this.isOver) return false;
    this.#seen.add(key);
    for (const { member } of variant.changes) this.#members.add(member);
    const verdict = this.#flipped(variant);
    if (verdict === undefined) return true;
    const changes = this.#smaller(variant, verdict);
    this.#found.set(keyOf(changes), { changes, verdict });
    return false;
  }

  /** Undefined where it is as it was, or cannot be decided. */
  #flipped({ request }: Variant): PolicyVerdict['kind'] | undefined {
    const { kind } = this.#decide(request);
    return kind === this.#present || kind === 'error' ? undefined : kind;
  }

  /** Without the changes that it takes not. */
  #smaller({ changes }: Variant, verdict: PolicyVerdict['kind']): readonly Change[] {
    return changes.reduce((kept, change) => {
      const less = variantOf(
        kept.filter((each) => each !== change),
        this.#trying,
      );
      return this.#flipped(less) === verdict ? less.changes : kept;
    }, changes);
  }

  result(): Flips {
    const { least } = this;
    const rank = ({ verdict }: Flip): number => preference.indexOf(verdict);
    const smallest = [...this.#found.values()].filter(({ changes }) => sizeOf(changes) === least);
    return {
      found: varied(smallest)
        .toSorted((a, b) => rank(a) - rank(b))
        .slice(0, shown),
      tried: this.#seen.size,
      members: [...this.#members].sort(),
    };
  }
}

/** Of those with several changes of the same members one alone: the one that was found first. */
function varied(flips: readonly Flip[]): readonly Flip[] {
  const seen = new Set<string>();
  return flips.filter(({ changes, verdict }) => {
    const key = [verdict, ...changes.map(({ member }) => member).sort()].join(' ');
    const isFirst = !seen.has(key);
    seen.add(key);
    return isFirst || changes.length === 1;
  });
}

function keyOf(changes: readonly Change[]): string {
  const told = changes.map(({ member, to }) => JSON.stringify([member, to ?? null]));
  return told.sort().join(' ');
}

/** Rules by which a verdict stands: what matched, and the permits that are missing. */
function inTheWay(rules: readonly Asking[], verdict: PolicyVerdict): readonly Asking[] {
  const unpermitted = verdict.kind === 'deny' ? (verdict.unpermitted ?? []) : [];
  return rules.filter(
    ({ id, level, permits }) =>
      verdict.rules.some((mark) => mark.id === id && mark.level === level) ||
      (permits && unpermitted.includes(level)),
  );
}

function rulesOf({ level, policies }: Bundle): readonly Asking[] {
  return Object.entries(policies.staticPolicies).flatMap(([id, policy]) => {
    if (!isJsonObject(policy)) return [];
    const { annotations, effect } = policy;
    if (isJsonObject(annotations) && Object.hasOwn(annotations, 'shadow')) return [];
    return [{ id, level, permits: effect === 'permit', formula: formulaOf(policy) }];
  });
}
