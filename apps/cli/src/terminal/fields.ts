import { padded, wrapped } from './columns.ts';
import type { Terminal } from './terminal.ts';

/** Name and value of a line of a form. */
export type Field = readonly [name: string, value: string];

const gap = 2;

/** Columns that a value has beside its name; with fewer it stands below. */
const minValue = 10;

/**
 * Lines of names and values, the values under each other and wrapped; below their names where there is
 * no room beside these. Values are visible already.
 */
export function showFields(terminal: Terminal, fields: readonly Field[]): void {
  const width = Math.max(...fields.map(([name]) => name.length)) + gap;
  const isNarrow = terminal.columns < width + minValue;
  for (const [name, value] of fields) {
    const title = terminal.paint.dim(padded(name, width));
    if (isNarrow && name !== '') terminal.line(terminal.paint.dim(name));
    const indent = isNarrow ? gap : width;
    for (const [index, part] of wrapped(value, terminal.columns - indent).entries()) {
      terminal.line((index === 0 && !isNarrow ? title : ' '.repeat(indent)) + part);
    }
  }
}

/** A text on as many lines as it needs, each behind so many blanks. It is visible already. */
export function showText(terminal: Terminal, text: string, indent = 0): void {
  for (const part of wrapped(text, terminal.columns - indent)) {
    terminal.line(' '.repeat(indent) + part);
  }
}
