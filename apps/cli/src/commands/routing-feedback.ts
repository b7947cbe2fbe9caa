import type { Command } from 'commander';
import { exportFeedback, type ExportFlags } from '../routing/exporting.ts';
import type { Act } from '../session.ts';

export function declare(command: Command, act: Act): void {
  command
    .argument('[runs...]', 'ids of runs, or their first letters; all runs without')
    .option(
      '--since <position or time>',
      'only what was settled after a position, or from a time on',
    )
    .option('--all', 'also proposals without evidence of a router')
    .option('--json', 'JSON lines of type "routed"')
    .addHelpText(
      'after',
      `
A proposal can bear the evidence of a router, which says what it chose and why. Each line tells what
became of one that is settled: it was committed, failed, refused (with the code), denied or left to
expire by humans, is in doubt, or was abandoned. Refusals and failures are in it as well as successes.
No line holds an argument, an output, a path or a text of the task.

Nothing is sent anywhere: whoever wants the feedback asks for it. Lines come in the order of the ledger
and are the same each time. To go on, give the position of the last line.

Examples:
  chancery routing-feedback
  chancery routing-feedback 6gzs --json > feedback.jsonl
  chancery routing-feedback --json --since 4711 | jq -r '[.decision, .outcome] | @tsv'
  chancery routing-feedback --since 2026-03-01T08:00:00Z`,
    )
    .action((runs: readonly string[], flags: ExportFlags) =>
      act(flags, (session) => exportFeedback(session, runs, flags)),
    );
}
