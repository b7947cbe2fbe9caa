import { describe, expect, test } from 'vitest';
import { functionsIn } from './functions.ts';
import { read, sources } from './tree.ts';

const sizes = sources.map((file) => ({ file, lines: read(file).trimEnd().split('\n').length }));
const functions = sources.flatMap((file) =>
  functionsIn(file, read(file)).map((each) => ({ file, ...each })),
);

describe('files', () => {
  test('have at most 500 lines: split by the state owned', () => {
    expect(sizes.filter(({ lines }) => lines > 500)).toEqual([]);
  });

  test('have at most 350 lines in 95 of 100 cases', () => {
    expect(percentile95(sizes.map(({ lines }) => lines))).toBeLessThanOrEqual(350);
  });
});

describe('functions', () => {
  test('have at most 70 lines: a part that has a name of its own becomes a function', () => {
    expect(functions.filter(({ lines }) => lines > 70)).toEqual([]);
  });

  test('have at most 35 lines in 95 of 100 cases', () => {
    expect(percentile95(functions.map(({ lines }) => lines))).toBeLessThanOrEqual(35);
  });

  test('are measured by the syntax tree, with the callbacks of describe left out', () => {
    const text =
      "describe('a', () => {\n  test('b', () => {\n    run();\n  });\n});\nconst f = () => 1;\n";
    expect(functionsIn('x.test.ts', text)).toEqual([
      { name: 'a function', line: 2, lines: 3 },
      { name: 'f', line: 6, lines: 1 },
    ]);
  });
});

function percentile95(values: readonly number[]): number {
  const ascending = [...values].sort((a, b) => a - b);
  return ascending[Math.ceil(ascending.length * 0.95) - 1] ?? 0;
}
