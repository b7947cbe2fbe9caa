import type { Command } from 'commander';
import { spending } from '../authority/spending.ts';
import type { Act, CommonFlags } from '../session.ts';

export function declare(command: Command, act: Act): void {
  command
    .argument('[writ or run]', 'a writ (its file, or the first letters of its id), or a run')
    .option('--json', 'JSON lines of type "spend", parents first, then of type "spend-model"')
    .addHelpText(
      'after',
      `
Each line is one dimension of a budget. From left to right: what was granted is carved to writs below,
reserved by what goes on, spent by the run under the writ, returned to the writ above, or left; "in all"
was spent by the writ and everything below it. What a child has spent stays carved when it is closed.

Examples:
  chancery spend
  chancery spend team.writ
  chancery spend 6gzs --json | jq 'select(.type == "spend") | .total.spent.costMicrousd'`,
    )
    .action((named: string | undefined, flags: CommonFlags) =>
      act(flags, (session) => spending(session, named)),
    );
}
