import { spawn } from 'node:child_process';
import type { Step } from './steps.ts';

export interface StepResult {
  readonly name: string;
  readonly passed: boolean;
  readonly tookMs: number;
  readonly output: string;
}

export interface RunOptions {
  readonly atOnce: number;
  readonly signal: AbortSignal;
  readonly onResult: (result: StepResult) => void;
}

/** Runs every step, some at once, whatever the others' results are; results come in order of ending. */
export async function runSteps(
  steps: readonly Step[],
  { atOnce, signal, onResult }: RunOptions,
): Promise<readonly StepResult[]> {
  const waiting = [...steps];
  const results: StepResult[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const result = await runStep(next, signal);
      results.push(result);
      onResult(result);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return results;
}

async function runStep({ name, args }: Step, signal: AbortSignal): Promise<StepResult> {
  const startedMs = performance.now();
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined };
  const child = spawn(process.execPath, args, { env, signal, stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  const keep = (chunk: Buffer): void => void chunks.push(chunk);
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  return new Promise((resolve) => {
    const end = (passed: boolean, more: string): void =>
      resolve({
        name,
        passed,
        tookMs: performance.now() - startedMs,
        output: Buffer.concat(chunks).toString().trim() + more,
      });
    child.once('error', (error) => end(false, error.message));
    child.once('close', (code) => end(code === 0, ''));
  });
}
