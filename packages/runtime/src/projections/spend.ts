import {
  addAmounts,
  leftOf,
  overrunOf,
  zeroAmounts,
  type Account,
  type Amounts,
} from '@chancery/kernel/account';
import type { Digest } from '@chancery/kernel/encoding';
import type { RunView } from './run-view.ts';

/** A writ with what its own stream, and that of the writ above, tell of its budget. */
export interface GrantedWrit extends Pick<Account, 'granted' | 'carved' | 'returned'> {
  readonly id: Digest;
  readonly parent: Digest | null;
}

/** What the projection takes of a run. */
export type SpendingRun = Pick<
  RunView,
  'run' | 'model' | 'pricedBy' | 'writ' | 'spent' | 'reserved' | 'status'
>;

/** The account of a writ in the tree of those that were carved out of each other. */
export interface SpendNode extends Account {
  readonly id: Digest;
  readonly parent: Digest | null;
  /** 0 for a writ that stands at the top of what was asked for. */
  readonly depth: number;
  /** The run that acts under it. */
  readonly run: SpendingRun | undefined;
  readonly left: Amounts;
  readonly overrun: Amounts;
  /** Of the writ and of all below it. */
  readonly total: Pick<Account, 'reserved' | 'spent'>;
}

/** What the runs of one model came to. */
export interface ModelSpending {
  readonly model: string;
  /** Where their prices come from, each once, in order. */
  readonly pricedBy: readonly string[];
  readonly runs: number;
  readonly spent: Amounts;
}

/**
 * Accounts of all writs, or of one and of those below it; each stands before its children, and those
 * in the order in which they are given.
 */
export function spendTree(
  writs: readonly GrantedWrit[],
  runs: readonly SpendingRun[],
  top?: Digest,
): readonly SpendNode[] {
  const runOf = new Map(runs.map((run) => [run.writ, run]));
  const below = childrenOf(writs);
  const first = writs.filter(({ id, parent }) =>
    top === undefined ? parent === null : id === top,
  );
  return first.flatMap((writ) => subtree(writ, 0, { below, runOf }));
}

interface Forest {
  readonly below: ReadonlyMap<Digest, readonly GrantedWrit[]>;
  readonly runOf: ReadonlyMap<string, SpendingRun>;
}

function subtree(writ: GrantedWrit, depth: number, forest: Forest): readonly SpendNode[] {
  const { id, parent, granted, carved, returned } = writ;
  const run = forest.runOf.get(id);
  const spent = run?.spent ?? zeroAmounts;
  const reserved = run?.reserved ?? zeroAmounts;
  const account = { granted, carved, reserved, spent, returned };
  const children = forest.below.get(id) ?? [];
  const trees = children.map((child) => subtree(child, depth + 1, forest));
  const total = { reserved, spent };
  for (const [child] of trees) {
    if (child === undefined) continue;
    total.reserved = addAmounts(total.reserved, child.total.reserved);
    total.spent = addAmounts(total.spent, child.total.spent);
  }
  const [left, overrun] = [leftOf(account), overrunOf(account)];
  return [{ id, parent, depth, run, ...account, left, overrun, total }, ...trees.flat()];
}

function childrenOf(writs: readonly GrantedWrit[]): ReadonlyMap<Digest, readonly GrantedWrit[]> {
  const found = new Map<Digest, GrantedWrit[]>();
  for (const writ of writs) {
    if (writ.parent === null) continue;
    const siblings = found.get(writ.parent);
    if (siblings === undefined) found.set(writ.parent, [writ]);
    else siblings.push(writ);
  }
  return found;
}

/** The spending of the runs in a tree by their models, the dearest first. */
export function spendByModel(nodes: readonly SpendNode[]): readonly ModelSpending[] {
  const found = new Map<string, ModelSpending>();
  for (const { run } of nodes) {
    if (run === undefined) continue;
    const { model } = run;
    const before = found.get(model) ?? { pricedBy: [], runs: 0, spent: zeroAmounts };
    found.set(model, {
      model,
      pricedBy: [...new Set([...before.pricedBy, run.pricedBy])].sort(),
      runs: before.runs + 1,
      spent: addAmounts(before.spent, run.spent),
    });
  }
  return [...found.values()].sort(
    (a, b) =>
      b.spent.costMicrousd - a.spent.costMicrousd ||
      b.spent.tokens - a.spent.tokens ||
      (a.model < b.model ? -1 : 1),
  );
}
