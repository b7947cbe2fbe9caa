import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';

/** Goes through much that is needed for a while, and holds 40 MB for good. */
const program = (first: string): string => `
  import { getHeapSpaceStatistics } from 'node:v8';
  import { boundHeap } from ${JSON.stringify(path.join(import.meta.dirname, 'bounded-heap.ts'))};
  const size = (name) => getHeapSpaceStatistics().find((each) => each.space_name === name).space_size;
  const before = size('new_space');
  ${first}
  const kept = Array.from({ length: 1_000_000 }, (_, n) => ({ n }));
  let held = [];
  let most = 0;
  for (let n = 0; n < 20_000_000; n += 1) {
    held.push({ n });
    if (held.length < 1_000_000) continue;
    held = [];
    most = Math.max(most, size('old_space') / 2 ** 20);
  }
  console.log(JSON.stringify({ young: size('new_space') / before, most, kept: kept.length }));
`;

/** By how much the space for new objects grew, and what that for old ones grew to, in MiB. */
function growth(first: string): { readonly young: number; readonly most: number } {
  const words = ['--input-type=module', '-e', program(first)];
  const { stdout } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  return JSON.parse(stdout) as ReturnType<typeof growth>;
}

it('keeps the heap near what is alive, which grows to several times as much otherwise', () => {
  const [bounded, free] = [growth('boundHeap();'), growth('')];
  // The half to which living objects are moved is counted from the first collection on.
  expect(bounded.young).toBeLessThanOrEqual(2);
  expect(free.young).toBeGreaterThan(8);
  expect(bounded.most).toBeLessThan(free.most / 2);
});
