import type { Digest } from '@chancery/kernel/encoding';
import { exitCodes, granted } from '../exit.ts';
import { reading } from '../opening.ts';
import { allRuns, worthKeeping } from '../runs/kept-runs.ts';
import type { Session } from '../session.ts';
import { amountsText, instant } from '../terminal/amounts.ts';
import { findWrit } from './writ-inspection.ts';
import { phaseColours, writNodes, type WritNode } from './writ-nodes.ts';

/** Tells all writs of the ledger as a tree, or one of them with those below it. */
export async function tree(session: Session, named: string | undefined): Promise<number> {
  return reading(session.home, async (open) => {
    const top = named === undefined ? null : granted(await findWrit(open, named)).id;
    const nodes = await writNodes(open, await allRuns(session, open, worthKeeping));
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
    `${indent}${paint.bold(id.slice(0, 12))}  ${paint[phaseColours[phase]](phase)}  until ${instant(window.notAfter)}${below}`,
  );
  terminal.line(paint.dim(`${indent}  for ${subject}`));
  terminal.line(paint.dim(`${indent}  left ${amountsText(left)} of ${amountsText(budget)}`));
}
