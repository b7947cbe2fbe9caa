import type { Command } from 'commander';
import { refuse } from '../exit.ts';
import {
  accept,
  list,
  revoke,
  type AcceptFlags,
  type RevokeFlags,
} from '../remembered/deciding.ts';
import type { Act, CommonFlags } from '../session.ts';

const keyHelp = 'file of a key that may sign policies, or ssh-agent:NAME (default: yours)';

export function declare(command: Command, act: Act): void {
  command.addHelpText(
    'after',
    `
What was approved with \`chancery approve ID --remember\` is a rule of policy of its own: it lifts one
hold for one action of one agent, and permits nothing that was not permitted.

Examples:
  chancery grants list
  chancery grants accept remembered-4f2a91c07be13d55
  chancery grants revoke remembered-4f2a91c07be13d55`,
  );
  command.action(() =>
    refuse('usage.invalid', 'say what to do with what is remembered', {
      remedy: 'Use `chancery grants list`, `accept` or `revoke`.',
    }),
  );
  command
    .command('list')
    .description('what is remembered or proposed, with the whole rule of each')
    .option('--json', 'one JSON line of type "grant" for each')
    .addHelpText('after', '\nExamples:\n  chancery grants list')
    .action((flags: CommonFlags) => act(flags, list));
  command
    .command('accept')
    .description('have a proposed rule decide from now on, with your signature')
    .argument('<name>', 'as `grants list` tells it')
    .option('--key <key>', keyHelp)
    .option('--yes', 'do not ask')
    .option('--json', 'one JSON line of type "grant"')
    .addHelpText('after', '\nExamples:\n  chancery grants accept remembered-4f2a91c07be13d55')
    .action((name: string, flags: AcceptFlags) =>
      act(flags, (session) => accept(session, name, flags)),
    );
  command
    .command('revoke')
    .description('have it held again, with your signature')
    .argument('<name>', 'as `grants list` tells it')
    .option('--reason <text>', 'why; recorded', 'not remembered any more')
    .option('--key <key>', keyHelp)
    .option('--json', 'one JSON line of type "grant"')
    .addHelpText(
      'after',
      `
Exactly this rule goes, and nothing else changes. What it let happen stays in the ledger with its text.

Examples:
  chancery grants revoke remembered-4f2a91c07be13d55 --reason "the script has changed"`,
    )
    .action((name: string, flags: RevokeFlags) =>
      act(flags, (session) => revoke(session, name, flags)),
    );
}
