import { clampedSubtract, zeroAmounts, type Amounts } from '@chancery/kernel/account';
import type { Digest } from '@chancery/kernel/encoding';
import type { Writ } from '@chancery/kernel/writ';
import { Authority, type Standing } from '@chancery/runtime/authority';
import type { RunView } from '@chancery/runtime/projections';
import { openClock } from '../compose/house.ts';
import type { OpenLedger } from '../opening.ts';

/** `finished`: the run that acts under it has ended, and a writ serves one. */
export type WritPhase = 'open' | 'early' | 'expired' | 'closed' | 'finished' | 'revoked';

/** How a phase is painted. */
export const phaseColours = {
  open: 'green',
  early: 'yellow',
  expired: 'dim',
  closed: 'dim',
  finished: 'dim',
  revoked: 'red',
} as const satisfies Record<WritPhase, string>;

/** A writ in the tree of those that were carved out of each other. */
export interface WritNode {
  readonly id: Digest;
  readonly writ: Writ;
  readonly phase: WritPhase;
  /** What its children hold of its budget, and what it has left besides. */
  readonly carved: Amounts;
  readonly left: Amounts;
  /** What it brought back to the writ above; nothing while it is not closed. */
  readonly returned: Amounts;
  /** Children that were ever issued, and those that are not closed. */
  readonly children: number;
  readonly open: number;
}

/** All writs that are recorded, in the order in which they were; `runs` are all that there are. */
export async function writNodes(
  { store, ledger }: OpenLedger,
  runs: readonly RunView[],
): Promise<readonly WritNode[]> {
  const authority = new Authority(store, ledger);
  const nowMs = (await openClock(0)).nowMs();
  const finished = new Set(
    runs.flatMap(({ writ, status }) => (status.phase === 'finished' ? [writ] : [])),
  );
  const placed: (readonly [number, Omit<WritNode, 'returned'>])[] = [];
  const brought = new Map<Digest, Amounts>();
  for (const { stream } of await store.streams('writ:')) {
    const id = stream.slice('writ:'.length);
    const standing = await authority.standing('', id);
    const [own] = standing.chain;
    if (own === undefined) continue;
    for (const [child, returned] of standing.brought) brought.set(child, returned);
    const { carved, children, open } = standing;
    const left = clampedSubtract(own.writ.budget, carved);
    const phase = phaseOf(own.writ, { ...standing, isFinished: finished.has(id) }, nowMs);
    const node = { id, writ: own.writ, phase, carved, left, children, open: open.size };
    placed.push([standing.issuedAt(id) ?? 0, node]);
  }
  return placed
    .sort(([a], [b]) => a - b)
    .map(([, node]) => ({ ...node, returned: brought.get(node.id) ?? zeroAmounts }));
}

/** What is revoked or closed above it is so for it as well. */
function phaseOf(
  { window }: Writ,
  { revoked, closed, isFinished }: Standing & { readonly isFinished: boolean },
  nowMs: number,
): WritPhase {
  if (revoked.size > 0) return 'revoked';
  if (closed.size > 0) return 'closed';
  if (isFinished) return 'finished';
  if (nowMs > window.notAfter) return 'expired';
  return nowMs < window.notBefore ? 'early' : 'open';
}
