import type { ControlMode, Switched } from '@chancery/kernel/control';
import type { Digest, KeyId } from '@chancery/kernel/encoding';
import { Authority, switchIn } from '@chancery/runtime/authority';
import { switchOf } from '../compose/house.ts';
import { exitCodes } from '../exit.ts';
import { switchRedactor } from '../secrets/guarding.ts';
import { reading, type OpenLedger } from '../opening.ts';
import { shellWord } from '../own-name.ts';
import type { Session } from '../session.ts';
import { showTable } from '../terminal/table.ts';
import { visible } from '../terminal/visible.ts';

/** Something that is halted, as it is listed. */
export interface ListedHalt {
  /** The entry that engaged it; null for the switch file. */
  readonly control: Digest | null;
  /** Where the switch file is; null for a control of the ledger. */
  readonly file: string | null;
  readonly scope: Switched['scope'];
  readonly run: string | null;
  readonly plan: string | null;
  readonly writ: Digest | null;
  readonly mode: ControlMode;
  readonly reason: string;
  /** Null for the switch file, which nobody signs. */
  readonly by: KeyId | null;
}

/** All that halts something: what the switch file says, then the controls as they were engaged. */
export async function haltsIn(
  session: Session,
  { store, ledger }: Pick<OpenLedger, 'store' | 'ledger'>,
): Promise<readonly ListedHalt[]> {
  const { home } = session;
  const { engaged } = await new Authority(store, ledger).controls();
  const read = (await switchOf(home, await switchRedactor(session))).read();
  const set = read && (await switchIn(store, read));
  const file = { control: null, by: null, file: home.switchFile };
  return [
    ...(set === undefined ? [] : [listed(set, file)]),
    ...[...engaged].map(([control, each]) => listed(each, { control, by: each.by, file: null })),
  ];
}

function listed(
  halt: Switched,
  { control, by, file }: Pick<ListedHalt, 'control' | 'by' | 'file'>,
): ListedHalt {
  const { scope, run, mode, reason } = halt;
  const writ = scope === 'writ' ? halt.writ : null;
  const plan = scope === 'plan' ? halt.plan : null;
  return { control, file, scope, run, plan, writ, mode, reason, by };
}

/** What `chancery cancel` engages: it ends one run, and says nothing of others. */
export function isCancellation({ control, scope, mode }: ListedHalt): boolean {
  return control !== null && scope === 'run' && mode === 'kill';
}

/** What a halt is about, in words. */
export function aboutText({
  scope,
  run,
  plan,
  writ,
}: Pick<ListedHalt, 'scope' | 'run' | 'plan' | 'writ'>): string {
  if (scope === 'all') return 'all';
  if (scope === 'plan') return `plan ${visible(plan ?? '')}`;
  return scope === 'run' ? `run ${run ?? ''}` : `writ ${(writ ?? '').slice(0, 12)} and below`;
}

/** Lists what is halted. */
export async function listHalts(session: Session): Promise<number> {
  const { home, terminal, json } = session;
  return reading(home, async (open) => {
    const halts = await haltsIn(session, open);
    if (json) for (const halt of halts) terminal.json({ type: 'control', ...halt });
    else if (halts.length === 0) terminal.line('Nothing is halted.');
    else showTable(terminal, ['CONTROL', 'MODE', 'HALTS', 'BY', 'REASON'], halts.map(rowOf));
    return exitCodes.ok;
  });
}

/** How much of a key is shown. */
const keyChars = 'ed25519:'.length + 12;

function nameOf({ control }: ListedHalt): string {
  return control === null ? 'file' : control.slice(0, 12);
}

/** How a halt is lifted. */
export function liftText({ control, file }: ListedHalt, name: string): string {
  return control === null ? `rm ${shellWord(file ?? '')}` : `${name} clear ${control.slice(0, 12)}`;
}

function rowOf(halt: ListedHalt) {
  const { mode, by, reason } = halt;
  return [
    { text: nameOf(halt), colour: 'bold' },
    { text: mode, colour: mode === 'kill' ? 'red' : 'yellow' },
    { text: aboutText(halt) },
    { text: (by ?? halt.file ?? '').slice(0, by === null ? Infinity : keyChars), colour: 'dim' },
    { text: visible(reason) },
  ] as const;
}
