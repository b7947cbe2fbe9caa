import { padded, wrapped } from './columns.ts';
import type { Terminal } from './terminal.ts';

/** Name and value of a line of a form. */
export type Field = readonly [name: string, value: string];

const gap = 2;

/** Lines of names and values, the values under each other and wrapped. Values are visible already. */
export function showFields(terminal: Terminal, fields: readonly Field[]): void {
  const width = Math.max(...fields.map(([name]) => name.length)) + gap;
  for (const [name, value] of fields) {
    const [first = '', ...rest] = wrapped(value, terminal.columns - width);
    terminal.line(`${terminal.paint.dim(padded(name, width))}${first}`);
    for (const line of rest) terminal.line(' '.repeat(width) + line);
  }
}
