import type { Analysis } from './finding.ts';

/** An analysis in one line: what is done, `unknown`, then `<` what is read and `>` what is written. */
export function summary({ does, reads, writes, programs }: Analysis): string {
  const isUnclear = programs.includes('unknown');
  return [
    ...does,
    ...(isUnclear ? ['unknown'] : []),
    ...reads.map((path) => `<${path}`),
    ...writes.map((path) => `>${path}`),
  ].join(' ');
}

/** Whether two such lines tell the same, in any order. */
export function tellSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map(partsOf);
  return a === b;
}

const partsOf = (text: string): string =>
  text
    .split(/ (?=[<>a-z])/)
    .filter((part) => part !== '')
    .toSorted()
    .join('\n');
