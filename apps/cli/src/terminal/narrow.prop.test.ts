import fc from 'fast-check';
import pc from 'picocolors';
import { expect, it } from 'vitest';
import type { TimelineLine } from '@chancery/runtime/projections';
import { cases } from '@chancery/testkit/properties';
import { columnsOf } from './columns.ts';
import { showFields, showText } from './fields.ts';
import { showTable } from './table.ts';
import type { Terminal } from './terminal.ts';
import { showAnswers, showLine } from './timeline.ts';
import { visible } from './visible.ts';

/** What is shown on a terminal of so many columns, line by line. */
function shownAt(columns: number, show: (terminal: Terminal) => void): readonly string[] {
  const lines: string[] = [];
  const no = (): never => {
    throw new Error('only lines are shown');
  };
  show({
    ...{ paint: pc.createColors(false), columns, isTty: true },
    ...{ note: no, json: no, raw: no, status: no, endWithReader: no },
    line: (text = '') => void lines.push(text),
  });
  return lines;
}

const columns = fc.integer({ min: 20, max: 120 });
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('', 'fs.patch', 'capability.of-a-very-long-name', '漢字/'.repeat(30)),
);

const line: fc.Arbitrary<TimelineLine> = fc.record({
  seq: fc.integer({ min: 0, max: 9_999 }),
  atMs: fc.constant(0),
  mark: fc.constantFrom('done', 'refused', 'held', 'step'),
  minor: fc.boolean(),
  what: text,
  detail: text,
  action: fc.constant(null),
  why: fc.option(
    fc.record({ code: text, message: text, remedy: text, rules: fc.array(text, { maxLength: 2 }) }),
  ),
});

const digest = '0123456789ab'.repeat(6).slice(0, 64);

it.each<[string, fc.Arbitrary<(terminal: Terminal) => void>]>([
  ['a line of a run', line.map((each) => (terminal) => showLine(terminal, each))],
  ['how a held action is answered', fc.constant((to) => showAnswers(to, digest, 'chancery'))],
  [
    'a form',
    fc
      .array(fc.tuple(fc.constantFrom('Run', 'Repository', ''), text.map(visible)), {
        minLength: 1,
      })
      .map((fields) => (terminal) => showFields(terminal, fields)),
  ],
  [
    'a table',
    fc
      .array(fc.array(text.map(visible), { minLength: 4, maxLength: 4 }))
      .map((rows) => (terminal) => {
        const cells = rows.map((row) => row.map((each) => ({ text: each })));
        showTable(terminal, ['RUN', 'STATE', 'REFUSED', 'TASK'], cells);
      }),
  ],
  ['a text', text.map((each) => (terminal) => showText(terminal, visible(each), 2))],
])('%s is nowhere wider than the terminal, down to 20 columns', (_, shown) => {
  fc.assert(
    fc.property(columns, shown, (width, show) => {
      for (const each of shownAt(width, show)) {
        expect(columnsOf(each)).toBeLessThanOrEqual(width);
      }
    }),
    cases(200),
  );
});

it('nothing that was to be told of a table is left out where it becomes forms', () => {
  const row = ['6gzs', 'succeeded', '0', 'Mend the sum of the list'].map((each) => ({
    text: each,
  }));
  const shown = shownAt(20, (to) => showTable(to, ['RUN', 'STATE', 'REFUSED', 'TASK'], [row, row]));
  const form = ['RUN      6gzs', 'STATE    succeeded', 'REFUSED  0', 'TASK     Mend the'];
  const rest = ['         sum of the', '         list'];
  expect(shown).toEqual([...form, ...rest, '', ...form, ...rest]);
});

it('a value stands below its name where it has too little room beside it', () => {
  const fields = [
    ['Repository', '/srv/shop'],
    ['', 'all of it'],
  ] as const;
  const wide = ['Repository  /srv/shop', '            all of it'];
  const narrow = ['Repository', '  /srv/shop', '  all of it'];
  const shown = [22, 21].map((width) => shownAt(width, (to) => showFields(to, fields)));
  expect(shown).toEqual([wide, narrow]);
});
