import type { Command } from 'commander';
import { define, remove, type DefineFlags, type RemoveFlags } from '../channels/defining.ts';
import { list } from '../channels/listing.ts';
import { refuse } from '../exit.ts';
import { more } from '../repeatable.ts';
import type { Act, CommonFlags } from '../session.ts';

const keyHelp = 'file of a key that may sign policies, or ssh-agent:NAME (default: yours)';

export function declare(command: Command, act: Act): void {
  command.addHelpText(
    'after',
    `
A rule with @hold("NAME") asks on the channel NAME. One that is not defined asks every key that is
trusted for approving.

Examples:
  chancery channels list
  chancery channels define security --approver ed25519:… --approver ed25519:… --within 2h
  chancery channels define team --approver ed25519:… --within 8h --escalate-to security --after 1h
  chancery channels remove team`,
  );
  command.action(() =>
    refuse('usage.invalid', 'say what to do with channels', {
      remedy: 'Use `chancery channels list`, `define` or `remove`.',
    }),
  );
  declareList(command.command('list'), act);
  declareDefine(command.command('define'), act);
  declareRemove(command.command('remove'), act);
}

function declareList(command: Command, act: Act): void {
  command
    .description('the channels, and whom each of them asks')
    .option('--json', 'one JSON line of type "channel" for each')
    .addHelpText(
      'after',
      `
Examples:
  chancery channels list`,
    )
    .action((flags: CommonFlags) => act(flags, list));
}

function declareDefine(command: Command, act: Act): void {
  command
    .description('say whom a channel asks from now on, with your signature')
    .argument('<name>', 'as @hold names it')
    .requiredOption('--approver <key>', 'a key that may vote; repeatable', more)
    .requiredOption('--within <duration>', 'how long there is to answer; no answer is a no')
    .option('--escalate-to <name>', 'the channel that is asked when nobody has decided')
    .option('--after <duration>', 'when it is asked')
    .option('--key <key>', keyHelp)
    .option('--json', 'one JSON line of type "channel-defined"')
    .addHelpText(
      'after',
      `
It takes the place of an earlier definition. What is asked already stays as it was asked. A rule that
wants more approvals than the channel has approvers refuses what it holds.

Examples:
  chancery channels define security --approver ed25519:… --approver ed25519:… --within 2h
  chancery channels define team --approver ed25519:… --within 8h --escalate-to security --after 1h`,
    )
    .action((name: string, flags: DefineFlags) =>
      act(flags, (session) => define(session, name, flags)),
    );
}

function declareRemove(command: Command, act: Act): void {
  command
    .description('have a name mean every approver again, with your signature')
    .argument('<name>', 'as `channels list` tells it')
    .option('--reason <text>', 'why; recorded', 'not needed any more')
    .option('--key <key>', keyHelp)
    .option('--json', 'one JSON line of type "channel-removed"')
    .addHelpText(
      'after',
      `
A channel that others escalate to cannot be removed before they are defined otherwise.

Examples:
  chancery channels remove team --reason "one channel is enough"`,
    )
    .action((name: string, flags: RemoveFlags) =>
      act(flags, (session) => remove(session, name, flags)),
    );
}
