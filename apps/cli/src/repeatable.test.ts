import { Command } from 'commander';
import { expect, it } from 'vitest';
import { more } from './repeatable.ts';

it.each([
  { given: [], gates: [] },
  { given: ['--gate', 'a'], gates: ['a'] },
  { given: ['--gate', 'b', '--gate', 'a', '--gate', 'c'], gates: ['b', 'a', 'c'] },
])('an option that was given $given is $gates', ({ given, gates }) => {
  const command = new Command().option('--gate <command>', 'a gate', more, []);
  expect(command.parse(given, { from: 'user' }).opts()).toEqual({ gate: gates });
});

it('an option without a default begins with its first value', () => {
  const command = new Command().option('--gate <command>', 'a gate', more);
  expect(command.parse(['--gate', 'a'], { from: 'user' }).opts()).toEqual({ gate: ['a'] });
});
