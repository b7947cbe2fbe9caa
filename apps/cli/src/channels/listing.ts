import type { Channel } from '@chancery/kernel/channel';
import { Authority } from '@chancery/runtime/authority';
import { exitCodes } from '../exit.ts';
import { reading } from '../opening.ts';
import type { Session } from '../session.ts';
import { duration } from '../terminal/amounts.ts';
import { showTable } from '../terminal/table.ts';
import { visible } from '../terminal/visible.ts';

/** Lists the channels that are defined. */
export async function list({ home, terminal, json }: Session): Promise<number> {
  return reading(home, async ({ store, ledger }) => {
    const { channels, trust } = await new Authority(store, ledger).policies();
    const shown = [...channels.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    if (json) for (const channel of shown) terminal.json({ type: 'channel', ...channel });
    else {
      const rows = shown.map((channel) => [
        { text: channel.name, colour: 'bold' as const },
        { text: duration(channel.withinMs) },
        { text: escalationText(channel) },
        {
          text: channel.approvers
            .map((key) => visible(trust.keys.get(key)?.label ?? key))
            .join(', '),
        },
      ]);
      showTable(terminal, ['CHANNEL', 'WITHIN', 'THEN', 'APPROVERS'], rows);
      if (rows.length > 0) terminal.line();
      terminal.line('On any other channel, every key may vote that is trusted for approving.');
    }
    return exitCodes.ok;
  });
}

export function escalationText({ escalate }: Channel): string {
  return escalate === null ? 'denied' : `asks ${escalate.to} after ${duration(escalate.afterMs)}`;
}
