import { type Analysis } from './finding.ts';

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
