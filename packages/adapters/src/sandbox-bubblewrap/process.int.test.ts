import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hasMoreTasks, processFacts, tasksFrom } from './process.ts';

/** A shell, a shell of its own, and two programs that wait below these. */
const script = 'sleep 60 & sh -c "sleep 60 & echo begun; wait"; wait';
const tree = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'], detached: true });

beforeAll(async () => {
  await once(tree.stdout, 'data');
});

afterAll(() => {
  process.kill(-(tree.pid ?? 0), 'SIGKILL');
});

it('counts the processes of a tree', () => {
  expect(tasksFrom(tree.pid ?? 0)).toBe(4);
});

it('counts threads', () => {
  const threads = readdirSync('/proc/self/task').length;
  expect(processFacts(process.pid)?.threads).toBe(threads);
  expect(threads).toBeGreaterThan(1);
});

it.each([
  { most: 3, more: true },
  { most: 4, more: false },
  { most: 1_000_000, more: false },
])('tells whether there are more than $most: $more', ({ most, more }) => {
  expect(hasMoreTasks(tree.pid ?? 0, most)).toBe(more);
});
