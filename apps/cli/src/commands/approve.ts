import type { Command } from 'commander';
import type { Act } from '../session.ts';
import { vote, type VoteFlags } from '../authority/voting.ts';

export function declare(command: Command, act: Act): void {
  command
    .argument('<id>', 'id of a run that waits, or of its action, or the first letters of either')
    .option('--key <key>', 'file of the key to sign with, or ssh-agent:NAME (default: your key)')
    .option('--reason <text>', 'why; recorded', '')
    .option('--remember', 'have the very same not held again, by a rule that is shown')
    .option(
      '--for <duration>',
      'how long it is remembered, such as 8h or 7d (default: 30d, at most 90d)',
    )
    .option('-y, --yes', 'do not ask')
    .option(
      '--json',
      'one JSON line of type "vote", with --remember one of type "grant"; needs --yes',
    )
    .addHelpText(
      'after',
      `
Shows the exact command, or the change of the file, then signs a vote for this very action. With
--remember, a rule is shown by which the same agent is not asked about the same arguments again, for 30
days or as long as --for says. It decides at once where your key may sign policies; where not, it is
proposed: \`chancery grants list\`.

Examples:
  chancery approve 6gzs
  chancery approve 6gzs --remember --for 7d
  chancery approve 4f2a91c0 --yes --reason "seen with Ada"`,
    )
    .action((named: string, flags: VoteFlags) =>
      act(flags, (session) => vote(session, { named, vote: 'grant', flags })),
    );
}
