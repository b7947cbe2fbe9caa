import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';

const program = (first: string): string => `
  import { getHeapSpaceStatistics } from 'node:v8';
  import { boundYoungSpace } from ${JSON.stringify(path.join(import.meta.dirname, 'young-space.ts'))};
  const size = () => getHeapSpaceStatistics().find((each) => each.space_name === 'new_space').space_size;
  const before = size();
  ${first}
  let held = [];
  for (let n = 0; n < 3_000_000; n += 1) {
    held.push({ n });
    if (held.length > 50_000) held = [];
  }
  console.log(JSON.stringify(size() / before));
`;

/** By how much the space for new objects grew in a process that makes much garbage, after it did this. */
function growth(first: string): number {
  const words = ['--input-type=module', '-e', program(first)];
  const { stdout } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  return Number(stdout);
}

it('keeps the space for new objects as small as it is, which would grow otherwise', () => {
  // The half to which living objects are moved is counted from the first collection on.
  expect(growth('boundYoungSpace();')).toBeLessThanOrEqual(2);
  expect(growth('')).toBeGreaterThan(8);
});
