import { checkAll } from './check/check-all.ts';
import { staticSteps } from './check/steps.ts';
import { addCounts, closingLine, type Counts } from './test/counts.ts';
import { runTests } from './test/run-tests.ts';

const filters = process.argv.slice(2);
const checks = filters.length === 0 ? await runChecks() : { passed: 0, failed: 0, skipped: 0 };
const counts = addCounts(checks, await runTests(filters));
console.log(`\n${closingLine(counts)}`);
if (counts.failed > 0) process.exitCode = 1;

async function runChecks(): Promise<Counts> {
  const results = await checkAll(staticSteps);
  const passed = results.filter((result) => result.passed).length;
  return { passed, failed: results.length - passed, skipped: 0 };
}
