import type { Digest } from '@chancery/kernel/encoding';
import {
  isTrustedFor,
  whyNotDelegate,
  type KnownDelegation,
  type Trust,
} from '@chancery/kernel/writ';
import { Authority } from '@chancery/runtime/authority';
import { openClock } from '../compose/house.ts';
import { exitCodes } from '../exit.ts';
import { reading } from '../opening.ts';
import type { Session } from '../session.ts';
import { instant } from '../terminal/amounts.ts';
import { showTable } from '../terminal/table.ts';
import { visible } from '../terminal/visible.ts';

/** Lists the delegations of approvers, those that are given first. */
export async function list({ home, terminal, json }: Session): Promise<number> {
  return reading(home, async ({ store, ledger }) => {
    const trust = await new Authority(store, ledger).trust();
    const nowMs = (await openClock(0)).nowMs();
    const lines = [...trust.delegations]
      .map((named) => delegationLine(trust, named, nowMs))
      .sort((a, b) => Number(b.state === 'given') - Number(a.state === 'given'));
    if (json) for (const line of lines) terminal.json(line);
    else if (lines.length === 0) terminal.line('No approver has delegated anything.');
    else {
      const label = (key: string): string => visible(trust.keys.get(key)?.label ?? key);
      showTable(
        terminal,
        ['DELEGATION', 'FOR', 'ANSWERS', 'CHANNEL', 'UNTIL', 'STANDS'],
        lines.map(({ id, approver, delegate, channel, notAfter, state }) => [
          { text: id.slice(0, 12), colour: 'bold' },
          { text: label(approver) },
          { text: label(delegate) },
          { text: channel ?? 'all' },
          { text: instant(notAfter) },
          { text: state, colour: state === 'given' ? 'green' : 'dim' },
        ]),
      );
    }
    return exitCodes.ok;
  });
}

/** A delegation as `--json` tells it. */
export function delegationLine(
  trust: Trust,
  [id, given]: readonly [Digest, KnownDelegation],
  nowMs: number,
) {
  const { approver, delegate, channel, notBefore, notAfter } = given;
  const state = stateOf(trust, given, nowMs);
  return { type: 'delegation', id, approver, delegate, channel, notBefore, notAfter, state };
}

function stateOf(trust: Trust, given: KnownDelegation, nowMs: number) {
  if (given.until !== null) return 'ended';
  if (nowMs > given.notAfter) return 'over';
  const holds =
    isTrustedFor(trust, given.approver, 'approve') &&
    isTrustedFor(trust, given.approver, 'approve', given.from) &&
    whyNotDelegate(trust, given.delegate) === undefined;
  return holds ? 'given' : 'void';
}
