import type { Command } from 'commander';
import type { Act, CommonFlags } from '../session.ts';
import { reportCommands } from '../understanding/reporting.ts';

export function declare(command: Command, act: Act): void {
  command
    .argument('[runs...]', 'ids of runs, or their first letters; all runs without')
    .option(
      '--json',
      'JSON lines of type "command-unclear", then one of type "commands-understood"',
    )
    .addHelpText(
      'after',
      `
A command line is understood where every program that it runs is known, and what these are told to do.
What is not understood is \`unknown\` to policy, and waits for a human under the default policy. Each
line counts once for each time that it was proposed and policy was asked.

Examples:
  chancery commands
  chancery commands 6gzs --json`,
    )
    .action((runs: readonly string[], flags: CommonFlags) =>
      act(flags, (session) => reportCommands(session, runs)),
    );
}
