import { columnsOf, cut, padded } from './columns.ts';
import { showFields, type Field } from './fields.ts';
import type { Paint, Terminal } from './terminal.ts';

export interface Cell {
  readonly text: string;
  readonly colour?: keyof Pick<Paint, 'red' | 'green' | 'yellow' | 'cyan' | 'dim' | 'bold'>;
}

const gap = 2;

/**
 * Rows under a head. The last column takes what is left of the line; where that is less than its head,
 * each row is a form of its own.
 */
export function showTable(
  terminal: Terminal,
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
): void {
  const widths = head.map((name, index) =>
    Math.max(columnsOf(name), ...rows.map((row) => columnsOf(textAt(row, index)))),
  );
  const { paint } = terminal;
  const before = widths.slice(0, -1).reduce((sum, width) => sum + width + gap, 0);
  const lastHead = head.reduce((_, name) => columnsOf(name), 0);
  if (terminal.columns - before < lastHead) {
    for (const [nth, row] of rows.entries()) {
      if (nth > 0) terminal.line();
      const form = head.map((name, index): Field => [name, textAt(row, index)]);
      showFields(terminal, form);
    }
    return;
  }
  terminal.line(
    paint.dim(
      lineOf(
        terminal,
        head.map((text) => ({ text })),
        widths,
      ),
    ),
  );
  for (const row of rows) terminal.line(lineOf(terminal, row, widths));
}

function textAt(row: readonly Cell[], index: number): string {
  return row[index]?.text ?? '';
}

function lineOf(terminal: Terminal, row: readonly Cell[], widths: readonly number[]): string {
  let left = terminal.columns;
  let line = '';
  for (const [index, { text, colour }] of row.entries()) {
    const isLast = index === row.length - 1;
    const width = widths[index] ?? 0;
    const shown = isLast ? cut(text, Math.max(1, left)) : padded(text, width + gap);
    left -= width + gap;
    line += colour === undefined ? shown : terminal.paint[colour](shown);
  }
  return line;
}
