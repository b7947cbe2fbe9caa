import { describeResult } from './report.ts';
import { runSteps, type StepResult } from './run-steps.ts';
import type { Step } from './steps.ts';

/** Runs the steps two at a time and prints each as it ends. An interrupt stops them all. */
export async function checkAll(steps: readonly Step[]): Promise<readonly StepResult[]> {
  const stop = new AbortController();
  const onSignal = (signal: NodeJS.Signals): void => {
    process.exitCode = signal === 'SIGINT' ? 130 : 143;
    stop.abort();
  };
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  const results = await runSteps(steps, {
    atOnce: 2,
    signal: stop.signal,
    onResult: (result) => {
      if (!stop.signal.aborted) console.log(describeResult(result));
    },
  });
  process.removeListener('SIGINT', onSignal);
  process.removeListener('SIGTERM', onSignal);
  if (stop.signal.aborted) process.exit();
  return results;
}
