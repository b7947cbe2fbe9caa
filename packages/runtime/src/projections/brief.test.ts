import { expect, test } from 'vitest';
import { briefArgs, briefObservation } from './brief.ts';

test.each([
  [{ command: 'npm test', cwd: 'x' }, 'npm test'],
  [{ argv: ['git', 'log', "it's", 'a b'] }, "git log 'it'\\''s' 'a b'"],
  [{ path: 'src/a.ts', text: 'long' }, 'src/a.ts'],
  [{ pattern: 'x+', glob: '*.ts' }, 'x+'],
  [{}, ''],
  [{ depth: 3 }, '{"depth":3}'],
  ['not an object', 'not an object'],
  [[1], '[1]'],
])('of the arguments %j it shows %j', (args, brief) => {
  expect(briefArgs(args)).toBe(brief);
});

test.each([
  [{ exitCode: 1, stdout: 'x' }, 'exit 1'],
  [{ exitCode: null, signal: 'SIGKILL' }, 'ended by SIGKILL'],
  [{ exitCode: null, signal: 'SIGKILL', timedOut: true }, 'timed out'],
  [
    { exitCode: 1, reached: ['memoryBytes', 'processes'] },
    'exit 1, out of memory, out of processes',
  ],
  [{ exitCode: 153, reached: ['fileBytes'] }, 'exit 153, a file too large'],
  [
    { exitCode: null, signal: 'SIGKILL', reached: ['freeBytes'] },
    'ended by SIGKILL, the disk nearly full',
  ],
  [{ exitCode: 1, reached: ['of another version'] }, 'exit 1'],
  [{ entries: [1, 2, 3] }, '3 entries'],
  [{ text: 'content' }, ''],
  ['text', ''],
])('of the observation %j it shows %j', (observation, brief) => {
  expect(briefObservation(observation)).toBe(brief);
});
