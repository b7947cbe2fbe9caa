import { Command } from 'commander';
import { expect, it } from 'vitest';
import { failureOf } from './exit.ts';
import { more, refuseRepeats } from './repeatable.ts';

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

it.each([
  [['run', '--repo', 'a', '--repo', 'b']],
  [['run', '--repo=a', '-r', 'a']],
  [['run', '--in', '--in', 'b']],
])('of an option that takes one value none is chosen: %j', (words) => {
  const program = new Command();
  const run = program.command('run').option('-r, --repo <dir>').option('--in [dir]');
  let isRun = false;
  run.action(() => {
    isRun = true;
  });
  refuseRepeats(program);
  let failure: unknown;
  try {
    program.parse(words, { from: 'user' });
  } catch (error) {
    failure = failureOf(error);
  }
  expect({ failure, isRun }).toMatchObject({ failure: { code: 'usage.invalid' }, isRun: false });
});

it('an option that takes several values takes them one after the other', () => {
  const program = new Command().option('--sizes <sizes...>', '');
  refuseRepeats(program);
  const words = ['--sizes', '3', '5', '--sizes', '8'];
  expect(program.parse(words, { from: 'user' }).opts()).toEqual({ sizes: ['3', '5', '8'] });
});

it('a flag, and an option that collects, may be repeated', () => {
  const program = new Command();
  const run = program.command('run').option('--json').option('--gate <command>', '', more, []);
  let flags: unknown;
  run.action((given: unknown) => {
    flags = given;
  });
  refuseRepeats(program);
  program.parse(['run', '--json', '--json', '--gate', 'a', '--gate', 'b'], { from: 'user' });
  expect(flags).toEqual({ json: true, gate: ['a', 'b'] });
});
