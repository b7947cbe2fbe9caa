import { checkAll } from './check/check-all.ts';
import { seconds } from './check/report.ts';
import { staticSteps, tidyStep } from './check/steps.ts';

const startedMs = performance.now();
const results = await checkAll([...staticSteps, tidyStep]);
const failed = results.filter((result) => !result.passed).map((result) => result.name);
const verdict = failed.length === 0 ? 'all good' : `failed: ${failed.join(', ')}`;
console.log(`check:  ${verdict}, ${seconds(performance.now() - startedMs).trim()}`);
if (failed.length > 0) process.exitCode = 1;
