import type { StageName } from '@chancery/kernel/compiler';
import type { PolicyVerdict } from '@chancery/kernel/policy';
import {
  redecisionKinds,
  type Asking,
  type DecisionPlace,
  type Flipped,
  type Redecision,
  type RedecisionKind,
} from './model.ts';

/** Flips that are alike: of one capability, from one verdict to another, by the same rules, with the same asked. */
export interface FlipGroup {
  readonly from: PolicyVerdict['kind'];
  readonly to: PolicyVerdict['kind'];
  readonly capability: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Who is asked of what is held, before and after. */
  readonly asks: { readonly before: Asking | null; readonly after: Asking | null };
  readonly count: number;
  readonly runs: number;
  readonly first: DecisionPlace;
}

/** Counts of what came of decisions that were made again. A plain value, the same in whatever order. */
export interface Tally {
  readonly runs: number;
  /** Runs of which something would have come otherwise. */
  readonly flippedRuns: number;
  readonly counts: Readonly<Record<RedecisionKind, number>>;
  /** Of `same`, how many by other rules. */
  readonly otherRules: number;
  readonly undecided: Readonly<Partial<Record<StageName, number>>>;
  /** By what they have in common. */
  readonly groups: ReadonlyMap<string, FlipGroup>;
}

export const emptyTally: Tally = {
  runs: 0,
  flippedRuns: 0,
  counts: Object.fromEntries(redecisionKinds.map((kind) => [kind, 0])) as Tally['counts'],
  otherRules: 0,
  undecided: {},
  groups: new Map(),
};

/** Counts what comes of the decisions of one run. */
export class RunTally {
  private readonly counts = { ...emptyTally.counts };
  private otherRules = 0;
  private readonly undecided: Partial<Record<StageName, number>> = {};
  private readonly groups = new Map<string, FlipGroup>();

  take(redecision: Redecision, place: DecisionPlace): void {
    this.counts[redecision.kind] += 1;
    switch (redecision.kind) {
      case 'same':
        if (redecision.otherRules) this.otherRules += 1;
        return;
      case 'undecided':
        this.undecided[redecision.stage] = (this.undecided[redecision.stage] ?? 0) + 1;
        return;
      case 'flipped':
        add(this.groups, groupOf(redecision, place));
        return;
      case 'diverged':
      case 'moot':
      case 'unreadable':
      case 'unreproduced':
        return;
    }
  }

  /** Of this one run. */
  tally(): Tally {
    const groups = new Map(
      [...this.groups].map(([key, group]) => [key, { ...group, runs: 1 }] as const),
    );
    const { counts, otherRules, undecided } = this;
    return { runs: 1, flippedRuns: groups.size > 0 ? 1 : 0, counts, otherRules, undecided, groups };
  }
}

/** Both together. */
export function united(a: Tally, b: Tally): Tally {
  const groups = new Map(a.groups);
  for (const group of b.groups.values()) add(groups, group);
  const sum = <K extends string>(
    x: Readonly<Partial<Record<K, number>>>,
    y: Readonly<Partial<Record<K, number>>>,
  ): Partial<Record<K, number>> => {
    const names = [...new Set([...Object.keys(x), ...Object.keys(y)])] as K[];
    return Object.fromEntries(
      names.map((name) => [name, (x[name] ?? 0) + (y[name] ?? 0)]),
    ) as Partial<Record<K, number>>;
  };
  return {
    runs: a.runs + b.runs,
    flippedRuns: a.flippedRuns + b.flippedRuns,
    counts: sum(a.counts, b.counts) as Tally['counts'],
    otherRules: a.otherRules + b.otherRules,
    undecided: sum(a.undecided, b.undecided),
    groups,
  };
}

/** The groups, those with most flips first; of as many, in the order of their first. */
export function rankedGroups({ groups }: Tally): readonly FlipGroup[] {
  return [...groups.values()].sort((a, b) => b.count - a.count || inOrder(a.first, b.first));
}

function groupOf({ capability, before, after }: Flipped, first: DecisionPlace): FlipGroup {
  return {
    ...{ from: before.verdict, to: after.verdict, capability },
    ...{ before: before.by, after: after.by, asks: { before: before.asks, after: after.asks } },
    ...{ count: 1, runs: 1, first },
  };
}

function add(groups: Map<string, FlipGroup>, group: FlipGroup): void {
  const { from, to, capability, before, after, asks } = group;
  const key = JSON.stringify([from, to, capability, before, after, asks]);
  const known = groups.get(key);
  if (known === undefined) groups.set(key, group);
  else groups.set(key, both(known, group));
}

function both(a: FlipGroup, b: FlipGroup): FlipGroup {
  const first = inOrder(a.first, b.first) <= 0 ? a.first : b.first;
  return { ...a, count: a.count + b.count, runs: a.runs + b.runs, first };
}

function inOrder(a: DecisionPlace, b: DecisionPlace): number {
  return a.source - b.source || a.position - b.position;
}
