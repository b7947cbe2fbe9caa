import type { Executor } from './model.ts';

/** Whether an executor starts a program on this machine; any other makes requests. */
export function runsProgram(executor: Executor): boolean {
  if (executor.kind === 'mcp') return executor.transport.kind === 'stdio';
  return executor.kind === 'command';
}
