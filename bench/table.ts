import type { BenchRow } from './row.ts';

const head = ['name', 'p50', 'p95', 'p99', 'per second', 'reference', 'ratio', 'bar', ''] as const;

/** Rows as a table for people: numbers to three digits, names to the left. */
export function tableOf(rows: readonly BenchRow[]): string {
  const lines = [head, ...rows.map(cellsOf)];
  const widths = head.map((_, column) =>
    Math.max(...lines.map((line) => (line[column] ?? '').length)),
  );
  const isText = (column: number): boolean => column === 0 || column === 5 || column === 8;
  return lines
    .map((line) =>
      line
        .map((cell, column) =>
          isText(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function cellsOf({ reference, ...row }: BenchRow): readonly string[] {
  const time = (value: number): string => `${short(value)} ${row.unit}`;
  return [
    row.name,
    time(row.p50),
    time(row.p95),
    time(row.p99),
    short(row.perSecond),
    `${reference.name}: ${short(reference.perSecond)}/s`,
    short(row.ratio),
    short(row.bar),
    row.met ? 'met' : 'NOT MET',
  ];
}

/** Three significant digits, thousands as they are spoken. */
function short(value: number): string {
  if (value >= 1_000) return Math.round(Number(value.toPrecision(3))).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}
