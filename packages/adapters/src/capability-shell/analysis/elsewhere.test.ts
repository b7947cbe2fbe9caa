import { describe, expect, it } from 'vitest';
import { analyseLine, analyseWords } from './analyse.ts';

/** Lines that write .github/x, under whatever name they reach it. */
const lines = [
  'X=src; for i in 1; do X=.github; done; echo a > $X/x',
  'X=src; f() { X=.github; }; f; echo a > $X/x',
  'f() { cd .github; }; f; echo a > x',
  "trap 'echo a > x' EXIT; cd .github",
  'X=src; X=.github :; echo a > $X/x',
  'X=src/; unset X; echo a > ${X}.github/x',
  'for i in $(seq 2); do echo a > x; cd .github; done',
  'while :; do echo a > x; cd .github; done',
  'X=src; while :; do echo a > $X/x; X=.github; done',
  'pushd .github; pushd ..; popd; echo a > x',
  'X=.github; echo a > $X/x',
  'cd .github && echo a > x',
];

it.each(lines)('a file that is written is told, or that it is not: %s', (line) => {
  const { writes, unclear } = analyseLine(line);
  expect(unclear.length > 0 || writes.includes('.github/x')).toBe(true);
});

it.each([
  ['X=dist; rm -r $X/a', 'dist/a'],
  ['for d in a b; do (cd $d && touch x); done', 'a/x'],
  ['while read l; do echo $l >> out; done < in', 'out'],
  ['i=0; while [ $i -lt 3 ]; do i=$((i + 1)); touch a; done', 'a'],
])('a line is read as ever where nothing of it is in doubt: %s', (line, written) => {
  const { writes, unclear } = analyseLine(line);
  expect([unclear, writes.includes(written)]).toEqual([[], true]);
});

const many = 30_000;

describe('a line that is made to take long or to grow', () => {
  it.each([
    ['values that double', `x=a; ${'x=$x$x; '.repeat(40)} echo > $x`],
    ['quoted values that double', `x=a; ${'x="$x"$x; '.repeat(40)} echo > "$x"`],
    ['substitutions in each other', '$('.repeat(many)],
    ['few that are too many', `${'$('.repeat(65)}ls${')'.repeat(65)}`],
    ['expansions in each other', '${a:-'.repeat(many)],
    ['subscripts', 'a['.repeat(many)],
    ['functions of functions', `${'f() '.repeat(many)}ls`],
    ['a long sum', `echo $((1${'+1'.repeat(many)}))`],
    ['a line without end', 'echo a; '.repeat(many)],
  ])('is not understood, and little is told of it: %s', (_, line) => {
    const found = analyseLine(line);
    expect(found.unclear).not.toEqual([]);
    expect(JSON.stringify(found).length).toBeLessThan(65_536);
  });

  it('is not understood as the input of a shell either', () => {
    const place = { folder: '.', factsOf: () => undefined, input: '$('.repeat(many) };
    expect(analyseWords(['sh'], place).unclear).not.toEqual([]);
  });

  it('is read where it is a long program of awk', () => {
    expect(analyseLine(`awk '${'x  '.repeat(many)}' a`).programs).toEqual(['awk']);
  });
});

it.each([
  `awk 'BEGIN{print /"/; system("git push"); print /"/}'`,
  `awk 'BEGIN{return/"/; system("x"); print /"/}'`,
])('a program of awk is not understood that hides what it runs: %s', (line) => {
  expect(analyseLine(line).unclear).not.toEqual([]);
});

it('a program of awk that divides and matches is understood', () => {
  const line = `awk '/a/ { x = $1 / 2; if (y ~ /b"/ || /c/) print x / 2, "d/e" }' f`;
  expect(analyseLine(line).unclear).toEqual([]);
});

it('arithmetic on names is not understood where a subscript may be in their values', () => {
  const line = `y='$(curl x)]'\nx="a[$y"\necho $((x))`;
  expect(analyseLine(line).unclear).not.toEqual([]);
});

it.each(['diff-tree', 'whatchanged', 'diff-files', 'rev-list', 'shortlog', 'diff-index'])(
  'what git %s writes is told',
  (name) => {
    expect(analyseLine(`git ${name} HEAD --output=.github/x`).writes).toEqual(['.github/x']);
  },
);
