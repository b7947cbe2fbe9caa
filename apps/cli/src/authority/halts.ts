import { type ControlMode, type Engaged } from '@chancery/kernel/control';
import { type Digest, type KeyId } from '@chancery/kernel/encoding';
import { Authority } from '@chancery/runtime/authority';
import { exitCodes } from '../exit.ts';
import { reading, type OpenLedger } from '../opening.ts';
import { type Session } from '../session.ts';
import { showTable } from '../terminal/table.ts';
import { visible } from '../terminal/visible.ts';

/** Something that is halted, as it is listed. */
export interface ListedHalt {
  /** The entry that engaged it. */
  readonly control: Digest;
  readonly scope: Engaged['scope'];
  readonly run: string | null;
  readonly writ: Digest | null;
  readonly mode: ControlMode;
  readonly reason: string;
  readonly by: KeyId;
}

/** All that is engaged, in the order in which it was. */
export async function haltsIn({ store, ledger }: OpenLedger): Promise<readonly ListedHalt[]> {
  const { engaged } = await new Authority(store, ledger).controls();
  return [...engaged].map(([control, each]) => listed(control, each));
}

function listed(control: Digest, engaged: Engaged): ListedHalt {
  const { scope, run, mode, reason, by } = engaged;
  return { control, scope, run, writ: scope === 'writ' ? engaged.writ : null, mode, reason, by };
}

/** What `chancery cancel` engages: it ends one run, and says nothing of others. */
export function isCancellation({ scope, mode }: Pick<Engaged, 'scope' | 'mode'>): boolean {
  return scope === 'run' && mode === 'kill';
}

/** What a halt is about, in words. */
export function aboutText({
  scope,
  run,
  writ,
}: Pick<ListedHalt, 'scope' | 'run' | 'writ'>): string {
  if (scope === 'all') return 'all';
  return scope === 'run' ? `run ${run ?? ''}` : `writ ${(writ ?? '').slice(0, 12)} and below`;
}

/** Lists what is halted. */
export async function listHalts({ home, terminal, json }: Session): Promise<number> {
  return reading(home, async (open) => {
    const halts = await haltsIn(open);
    if (json) for (const halt of halts) terminal.json({ type: 'control', ...halt });
    else if (halts.length === 0) terminal.line('Nothing is halted.');
    else showTable(terminal, ['CONTROL', 'MODE', 'HALTS', 'BY', 'REASON'], halts.map(rowOf));
    return exitCodes.ok;
  });
}

function rowOf(halt: ListedHalt) {
  const { control, mode, by, reason } = halt;
  return [
    { text: control.slice(0, 12), colour: 'bold' },
    { text: mode, colour: mode === 'kill' ? 'red' : 'yellow' },
    { text: aboutText(halt) },
    { text: by.slice(0, 'ed25519:'.length + 12), colour: 'dim' },
    { text: visible(reason) },
  ] as const;
}
