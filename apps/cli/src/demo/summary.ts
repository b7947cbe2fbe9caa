import type { RunView } from '@chancery/runtime/projections';
import { ownName, shellWord } from '../own-name.ts';
import type { Session } from '../session.ts';
import { amountsText, duration } from '../terminal/amounts.ts';
import { columnsOf, padded, wrapped } from '../terminal/columns.ts';
import { showFields } from '../terminal/fields.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { Promised } from './promise.ts';
import type { Stage } from './stage.ts';

/** A promise, and whether it was seen to be kept. */
export interface Checked extends Promised {
  readonly kept: boolean;
}

/** Shows what was promised, line by line, with what the record and the machine say of it. */
export function showPromises({ terminal }: Session, checked: readonly Checked[]): void {
  const heads = { tried: 'What the agent tried, and could not do', done: 'What was done' } as const;
  for (const about of ['tried', 'done'] as const) {
    terminal.line();
    terminal.line(terminal.paint.bold(heads[about]));
    const rows = checked.filter((one) => one.about === about);
    const width = Math.max(...rows.map(({ what }) => columnsOf(what)));
    for (const row of rows) show(terminal, row, width);
  }
}

function show(terminal: Terminal, { what, answer, kept }: Checked, width: number): void {
  const { paint, columns } = terminal;
  const mark = kept ? paint.green('✓') : paint.red('✗');
  const said = kept ? answer : `NOT SEEN: ${answer}`;
  if (width + columnsOf(said) + 6 <= columns) {
    terminal.line(`  ${mark} ${padded(what, width)}  ${paint.dim(said)}`);
    return;
  }
  const [first = '', ...rest] = wrapped(what, columns - 4);
  terminal.line(`  ${mark} ${first}`);
  for (const more of rest) terminal.line(`    ${more}`);
  for (const more of wrapped(said, columns - 6)) terminal.line(`      ${paint.dim(more)}`);
}

/** Shows what the run came to in numbers, and commands that look closer. */
export function showWhereToLook({ terminal, env }: Session, stage: Stage, view: RunView): void {
  const { run, branch } = view;
  const isScripted = view.model.startsWith('scripted:');
  const middle = Math.floor(view.entries / 2);
  const command = (words: string): string =>
    `CHANCERY_HOME=${shellWord(stage.home)} ${ownName(env)} ${words}`;
  terminal.line();
  showFields(terminal, [
    ['Actions', `${view.commits} done, ${view.refusals} refused, ${view.holds} held`],
    ['Spent', amountsText(view.spent) + (isScripted ? '; by the script, nobody is charged' : '')],
    ['Took', duration(view.lastAtMs - view.startedAtMs)],
    ['Result', `branch ${branch} of ${stage.repository}`],
    ['Kept in', `${stage.folder}; remove it when you have seen enough`],
  ]);
  terminal.line();
  terminal.line('Look closer:');
  for (const words of [`show ${run}`, `audit ${run}`, `world ${run} --at ${middle}`]) {
    terminal.line(`  ${command(words)}`);
  }
  terminal.line(`  git -C ${shellWord(stage.repository)} diff main...${branch}`);
}
