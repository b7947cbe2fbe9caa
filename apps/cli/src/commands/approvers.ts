import type { Command } from 'commander';
import { delegate, end, type DelegateFlags, type EndFlags } from '../delegations/delegating.ts';
import { list } from '../delegations/listing.ts';
import { refuse } from '../exit.ts';
import type { Act, CommonFlags } from '../session.ts';

export function declare(command: Command, act: Act): void {
  command.addHelpText(
    'after',
    `
An approver who is away lets another key answer in its place, for a time. Both together have one voice,
and a veto of either denies.

Examples:
  chancery approvers delegate --to ed25519:… --for 5d
  chancery approvers delegate --to ed25519:… --for 8h --channel security
  chancery approvers list
  chancery approvers end 4f2a91c0`,
  );
  command.action(() =>
    refuse('usage.invalid', 'say what to do with the rights of approvers', {
      remedy: 'Use `chancery approvers list`, `delegate` or `end`.',
    }),
  );
  declareList(command.command('list'), act);
  declareDelegate(command.command('delegate'), act);
  declareEnd(command.command('end'), act);
}

function declareList(command: Command, act: Act): void {
  command
    .description('who may answer in the place of an approver')
    .option('--json', 'one JSON line of type "delegation" for each')
    .addHelpText(
      'after',
      `
Who may approve at all is told by \`chancery keys list\`, who on which channel by \`chancery channels list\`.

Examples:
  chancery approvers list`,
    )
    .action((flags: CommonFlags) => act(flags, list));
}

function declareDelegate(command: Command, act: Act): void {
  command
    .description('let another key answer in the place of yours, with your signature')
    .requiredOption('--to <key>', 'ed25519: and 64 hexadecimal digits; not of a machine')
    .requiredOption('--for <duration>', 'how long, from now')
    .option('--channel <name>', 'on this channel alone (default: on all)')
    .option('--reason <text>', 'why; recorded', '')
    .option('--key <key>', 'file of the key of the approver, or ssh-agent:NAME (default: yours)')
    .option('--json', 'one JSON line of type "delegation"')
    .addHelpText(
      'after',
      `
Whoever it is cannot pass it on. It is over when its time is, when it is ended, and when one of the two
keys is retired or compromised; a vote that was given by then counts only where the action was
released before.

Examples:
  chancery approvers delegate --to ed25519:… --for 5d
  chancery approvers delegate --to ed25519:… --for 8h --channel security --key ann.json`,
    )
    .action((flags: DelegateFlags) => act(flags, (session) => delegate(session, flags)));
}

function declareEnd(command: Command, act: Act): void {
  command
    .description('end a delegation before its time, with your signature')
    .argument('<id>', 'as `approvers list` tells it, or the first digits of it')
    .option('--reason <text>', 'why; recorded', 'ended by hand')
    .option(
      '--key <key>',
      'file of the key that gave it or has it, of a root, or ssh-agent:NAME (default: yours)',
    )
    .option('--json', 'one JSON line of type "delegation"')
    .addHelpText(
      'after',
      `
Examples:
  chancery approvers end 4f2a91c0 --reason "back at work"`,
    )
    .action((id: string, flags: EndFlags) => act(flags, (session) => end(session, id, flags)));
}
