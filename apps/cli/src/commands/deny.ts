import type { Command } from 'commander';
import type { Act } from '../session.ts';
import { vote, type VoteFlags } from '../authority/voting.ts';

export function declare(command: Command, act: Act): void {
  command
    .argument('<id>', 'id of a run that waits, or of its action, or the first letters of either')
    .option('--key <key>', 'file of the key to sign with, or ssh-agent:NAME (default: your key)')
    .option('--reason <text>', 'why; recorded', '')
    .option('-y, --yes', 'do not ask')
    .option('--json', 'one JSON line of type "vote"; needs --yes')
    .addHelpText(
      'after',
      `
Shows the exact command, or the change of the file, then signs a vote against this very action.

Examples:
  chancery deny 6gzs
  chancery deny 4f2a91c0 --yes --reason "not in a release"`,
    )
    .action((named: string, flags: VoteFlags) =>
      act(flags, (session) => vote(session, { named, vote: 'deny', flags })),
    );
}
