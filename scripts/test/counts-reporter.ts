import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule, TestSuite } from 'vitest/node';
import type { Counts } from './counts.ts';

/**
 * Leaves the counts of a run in the file that `CHANCERY_TEST_COUNTS` names. A file that does not load, a
 * hook that throws, an error outside any test and a test that never ended each count as one failed.
 */
export default class CountsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const file = process.env['CHANCERY_TEST_COUNTS'];
    if (file === undefined) return;
    const states = modules.flatMap((module) => [...module.children.allTests()].map(stateOf));
    const count = (state: string): number => states.filter((each) => each === state).length;
    const counts: Counts = {
      passed: count('passed'),
      failed:
        count('failed') +
        count('pending') +
        modules.flatMap(brokenIn).length +
        unhandledErrors.length,
      skipped: count('skipped'),
    };
    writeFileSync(file, JSON.stringify(counts));
  }
}

function stateOf(test: { result(): { state: string } }): string {
  return test.result().state;
}

function brokenIn(module: TestModule): readonly (TestModule | TestSuite)[] {
  return [module, ...module.children.allSuites()].filter((each) => each.errors().length > 0);
}
