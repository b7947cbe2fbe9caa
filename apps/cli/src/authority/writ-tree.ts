import { clampedSubtract, type Amounts } from '@chancery/kernel/account';
import { type Digest } from '@chancery/kernel/encoding';
import { type Writ } from '@chancery/kernel/writ';
import { Authority, type Standing } from '@chancery/runtime/authority';
import { openClock } from '../compose/house.ts';
import { exitCodes, granted } from '../exit.ts';
import { reading, type OpenLedger } from '../opening.ts';
import { type Session } from '../session.ts';
import { amountsText, instant } from '../terminal/amounts.ts';
import { findWrit } from './writ-inspection.ts';

type WritPhase = 'open' | 'early' | 'expired' | 'closed' | 'revoked';

/** A writ in the tree of those that were carved out of each other. */
interface WritNode {
  readonly id: Digest;
  readonly writ: Writ;
  readonly phase: WritPhase;
  /** What its children hold of its budget, and what it has left besides. */
  readonly carved: Amounts;
  readonly left: Amounts;
  /** Children that were ever issued, and those that are not closed. */
  readonly children: number;
  readonly open: number;
}

/** Tells all writs of the ledger as a tree, or one of them with those below it. */
export async function tree(session: Session, named: string | undefined): Promise<number> {
  return reading(session.home, async (open) => {
    const top = named === undefined ? null : granted(await findWrit(open, named)).id;
    const nodes = await nodesOf(open);
    const below = byParent(nodes);
    const first = nodes.filter(({ id, writ }) =>
      top === null ? writ.parent === null : id === top,
    );
    const show = (node: WritNode, depth: number): void => {
      showNode(session, node, depth);
      for (const child of below.get(node.id) ?? []) show(child, depth + 1);
    };
    if (first.length === 0 && !session.json) session.terminal.line('No writ is recorded yet.');
    for (const node of first) show(node, 0);
    return exitCodes.ok;
  });
}

/** All writs that are recorded, in the order in which they were. */
async function nodesOf({ store, ledger }: OpenLedger): Promise<readonly WritNode[]> {
  const authority = new Authority(store, ledger);
  const nowMs = (await openClock(0)).nowMs();
  const placed: (readonly [number, WritNode])[] = [];
  for (const { stream } of await store.streams('writ:')) {
    const id = stream.slice('writ:'.length);
    const standing = await authority.standing('', id);
    const [own] = standing.chain;
    if (own === undefined) continue;
    const { carved, children, open } = standing;
    const left = clampedSubtract(own.writ.budget, carved);
    const phase = phaseOf(own.writ, standing, nowMs);
    const node = { id, writ: own.writ, phase, carved, left, children, open: open.size };
    placed.push([standing.issuedAt(id) ?? 0, node]);
  }
  return placed.sort(([a], [b]) => a - b).map(([, node]) => node);
}

/** What is revoked or closed above it is so for it as well. */
function phaseOf({ window }: Writ, { revoked, closed }: Standing, nowMs: number): WritPhase {
  if (revoked.size > 0) return 'revoked';
  if (closed.size > 0) return 'closed';
  if (nowMs > window.notAfter) return 'expired';
  return nowMs < window.notBefore ? 'early' : 'open';
}

function byParent(nodes: readonly WritNode[]): ReadonlyMap<Digest, readonly WritNode[]> {
  const found = new Map<Digest, WritNode[]>();
  for (const node of nodes) {
    const { parent } = node.writ;
    if (parent === null) continue;
    const siblings = found.get(parent);
    if (siblings === undefined) found.set(parent, [node]);
    else siblings.push(node);
  }
  return found;
}

const colours = {
  open: 'green',
  early: 'yellow',
  expired: 'dim',
  closed: 'dim',
  revoked: 'red',
} as const;

function showNode({ terminal, json }: Session, node: WritNode, depth: number): void {
  const { id, writ, phase, carved, left, children, open } = node;
  const { parent, issuer, subject, budget, window, delegation } = writ;
  if (json) {
    const stated = { id, parent, depth, phase, issuer, subject, window, delegation };
    terminal.json({ type: 'writ-node', ...stated, budget, carved, left, children, open });
    return;
  }
  const { paint } = terminal;
  const indent = '  '.repeat(depth);
  const below = children === 0 ? '' : ` · ${children} below, ${open} of them open`;
  terminal.line(
    `${indent}${paint.bold(id.slice(0, 12))}  ${paint[colours[phase]](phase)}  until ${instant(window.notAfter)}${below}`,
  );
  terminal.line(paint.dim(`${indent}  for ${subject}`));
  terminal.line(paint.dim(`${indent}  left ${amountsText(left)} of ${amountsText(budget)}`));
}
