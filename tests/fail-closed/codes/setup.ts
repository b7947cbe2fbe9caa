import path from 'node:path';
import { afterAll, beforeEach, expect, type RunnerTestCase, type RunnerTestSuite } from 'vitest';
import { mentions, watchAssertions } from './assertions.ts';
import { shownElsewhere } from './elsewhere.ts';
import { titlePattern } from './title.ts';

/*
 * Of a file that is named as showing a refusal code: its tests of that title have to find the code
 * where they expect it, or the file fails. Tests that were not run are not judged, but have to be.
 */

const file = path.relative(
  path.join(import.meta.dirname, '../../..'),
  expect.getState().testPath ?? '',
);
const rows = shownElsewhere.filter((row) => row.file === file);

if (rows.length > 0) {
  const found = new Map<string, Set<string>>();
  let whole: RunnerTestSuite | undefined;
  let running: Set<string> | undefined;
  beforeEach(({ task }) => {
    whole = task.file;
    running = found.get(task.name) ?? new Set();
    found.set(task.name, running);
  });
  watchAssertions((actual, expected) => {
    for (const { code } of rows) {
      const isFound = typeof actual === 'function' || mentions(actual, code);
      if (isFound && mentions(expected, code)) running?.add(code);
    }
  });
  afterAll(() => {
    watchAssertions(undefined);
    const tests = whole === undefined ? [] : testsOf(whole);
    const unshown = rows.filter(({ title, code }) => {
      const named = tests.filter(({ name }) => titlePattern(title).test(name));
      const run = named.filter(({ mode }) => mode !== 'skip');
      const isShown = run.some(({ name }) => found.get(name)?.has(code) ?? false);
      return whole !== undefined && (named.length === 0 || (run.length > 0 && !isShown));
    });
    expect(unshown.map(({ title, code }) => `${code}: ${title}`)).toEqual([]);
  });
}

function testsOf({ tasks }: RunnerTestSuite): readonly RunnerTestCase[] {
  return tasks.flatMap((task) => (task.type === 'suite' ? testsOf(task) : [task]));
}
