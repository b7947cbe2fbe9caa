import type { TimelineLine, TimelineMark } from '@chancery/runtime/projections';
import { columnsOf, cut, padded, wrapped } from './columns.ts';
import type { Paint, Terminal } from './terminal.ts';
import { visible } from './visible.ts';

interface Look {
  readonly glyph: string;
  readonly colour: keyof Pick<
    Paint,
    'red' | 'green' | 'yellow' | 'cyan' | 'dim' | 'bold' | 'magenta'
  >;
}

const looks: Readonly<Record<TimelineMark, Look>> = {
  start: { glyph: '▶', colour: 'bold' },
  turn: { glyph: '·', colour: 'dim' },
  step: { glyph: '·', colour: 'dim' },
  model: { glyph: '◆', colour: 'cyan' },
  done: { glyph: '✓', colour: 'green' },
  refused: { glyph: '✗', colour: 'red' },
  held: { glyph: '‖', colour: 'yellow' },
  approved: { glyph: '✓', colour: 'yellow' },
  failed: { glyph: '!', colour: 'red' },
  doubt: { glyph: '?', colour: 'magenta' },
  end: { glyph: '■', colour: 'bold' },
};

const seqColumns = 5;
const whatColumns = 12;
const indent = seqColumns + 3;

/** Columns below which a detail has too little room beside what it is of. */
const minColumns = 44;

/** Where that stands which belongs to a line, and begins below its detail where there is room. */
function indentIn({ columns }: Terminal): number {
  return columns < minColumns ? indent : indent + whatColumns + 1;
}

/** Shows one line of a run, and under it why something was refused, by which rule, and what to do. */
export function showLine(terminal: Terminal, line: TimelineLine): void {
  const { paint, columns } = terminal;
  const { glyph, colour } = looks[line.mark];
  const head = String(line.seq).padStart(seqColumns - 1);
  const what = columns < minColumns ? visible(line.what) : padded(visible(line.what), whatColumns);
  const text = cut(`${what} ${visible(line.detail)}`, columns - indent);
  const drawn = line.minor ? paint.dim(text) : text;
  terminal.line(`${paint.dim(head)}  ${paint[colour](glyph)} ${drawn}`.trimEnd());
  if (line.why === null) return;
  const { code, message, remedy, rules } = line.why;
  const rule = rules.length === 0 ? '' : ` [${rules.join(', ')}]`;
  const under = (said: string, draw: (said: string) => string): void => {
    for (const part of wrapped(visible(said), columns - indentIn(terminal))) {
      terminal.line(' '.repeat(indentIn(terminal)) + draw(part));
    }
  };
  under(`${code}: ${message}${rule}`, paint[colour]);
  if (remedy !== '') under(remedy, paint.dim);
}

/** Shows how a human answers a held action; `name` is what runs this command again. */
export function showAnswers(terminal: Terminal, action: string, name: string): void {
  const { paint, columns } = terminal;
  const id = action.slice(0, 12);
  const commands = [`${name} approve ${id}`, `${name} deny ${id}`];
  const one = commands.join('  ·  ');
  const indented = indentIn(terminal);
  const parts = columnsOf(one) <= columns - indented ? [one] : commands;
  for (const part of parts.flatMap((each) => wrapped(each, columns - indented))) {
    terminal.line(' '.repeat(indented) + paint.bold(part));
  }
}
