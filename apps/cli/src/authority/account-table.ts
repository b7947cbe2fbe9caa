import { dimensions, type Amounts, type Dimension } from '@chancery/kernel/account';
import type { SpendNode } from '@chancery/runtime/projections';
import { figures } from '../terminal/amounts.ts';
import { columnsOf, padded } from '../terminal/columns.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { visible } from '../terminal/visible.ts';
import { phaseColours, type WritPhase } from './writ-nodes.ts';

/** An account with how its writ stands now. */
export interface PlacedAccount extends SpendNode {
  readonly phase: WritPhase;
}

/** Columns of an account, in the order in which a budget goes through them. */
const columns: readonly (readonly [string, (account: PlacedAccount) => Amounts])[] = [
  ['GRANTED', ({ granted }) => granted],
  ['CARVED', ({ carved }) => carved],
  ['RESERVED', ({ reserved }) => reserved],
  ['SPENT', ({ spent }) => spent],
  ['RETURNED', ({ returned }) => returned],
  ['LEFT', ({ left }) => left],
  ['IN ALL', ({ total }) => total.spent],
];

const inOrder: readonly Dimension[] = [
  'costMicrousd',
  ...dimensions.filter((name) => name !== 'costMicrousd'),
];

const gap = '  ';

/** Accounts under one head: a line for each writ, and one for each dimension that it says anything of. */
export function showAccounts(terminal: Terminal, accounts: readonly PlacedAccount[]): void {
  const { paint } = terminal;
  const blocks = accounts.map((account) => ({ account, rows: rowsOf(account) }));
  const all = blocks.flatMap(({ rows }) => rows);
  const first = Math.max(0, ...all.map(({ label }) => columnsOf(label)));
  const widths = columns.map(([head], index) =>
    Math.max(head.length, ...all.map(({ cells }) => columnsOf(cells[index] ?? ''))),
  );
  const lineOf = (label: string, cells: readonly string[]): string =>
    [padded(label, first), ...cells.map((cell, index) => cell.padStart(widths[index] ?? 0))].join(
      gap,
    );
  terminal.line(
    paint.dim(
      lineOf(
        '',
        columns.map(([head]) => head),
      ),
    ),
  );
  for (const { account, rows } of blocks) {
    showHead(terminal, account);
    for (const { label, cells } of rows) terminal.line(lineOf(label, cells));
    showOverrun(terminal, account);
  }
}

function showHead(terminal: Terminal, { id, depth, phase, run }: PlacedAccount): void {
  const { paint } = terminal;
  const acting =
    run === undefined ? '' : `  run ${run.run} · ${visible(run.model)} · ${outcomeOf(run.status)}`;
  terminal.line(
    `${gap.repeat(depth)}${paint.bold(id.slice(0, 12))}  ${paint[phaseColours[phase]](phase)}${acting}`,
  );
}

function outcomeOf(status: NonNullable<PlacedAccount['run']>['status']): string {
  return status.phase === 'finished' ? status.outcome : status.phase;
}

interface Row {
  readonly label: string;
  readonly cells: readonly string[];
}

function rowsOf(account: PlacedAccount): readonly Row[] {
  return inOrder.flatMap((dimension) => {
    const amounts = columns.map(([, amountsOf]) => amountsOf(account)[dimension]);
    if (amounts.every((amount) => amount === 0)) return [];
    const { head, figure } = figures[dimension];
    const label = `${gap.repeat(account.depth + 1)}${head}`;
    return [{ label, cells: amounts.map((amount) => (amount === 0 ? '0' : figure(amount))) }];
  });
}

/** What has cost more than it had reserved, and more than the writ had left. */
function showOverrun(terminal: Terminal, { overrun, depth }: PlacedAccount): void {
  const over = inOrder.filter((dimension) => overrun[dimension] > 0);
  if (over.length === 0) return;
  const { paint } = terminal;
  const said = over.map((name) => `${figures[name].figure(overrun[name])} ${figures[name].head}`);
  terminal.line(`${gap.repeat(depth + 1)}${paint.red(`overrun by ${said.join(', ')}`)}`);
}
