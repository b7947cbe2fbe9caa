import type { StepResult } from './run-steps.ts';

/** A step's line, and beneath it what the tool said when it failed. */
export function describeResult({ name, passed, tookMs, output }: StepResult): string {
  const line = `${passed ? 'ok    ' : 'FAILED'}  ${name.padEnd(8)} ${seconds(tookMs)}`;
  return passed ? line : `${line}\n${indent(output)}`;
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`.padStart(7);
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : `    ${line}`))
    .join('\n');
}
