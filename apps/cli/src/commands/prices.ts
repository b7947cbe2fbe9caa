import type { Command } from 'commander';
import { refuse } from '../exit.ts';
import { check, declareFile, type CheckFlags, type DeclareFlags } from '../prices/declaring.ts';
import { list } from '../prices/listing.ts';
import { start } from '../prices/starting.ts';
import type { Act, CommonFlags } from '../session.ts';

const effectiveHelp = 'time from which on it counts, such as 2026-03-01T00:00:00Z (default: now)';

export function declare(command: Command, act: Act): void {
  command.addHelpText(
    'after',
    `
A run pays the price that is given with --price, or else that of the table in effect, or else the one
that is built in, or else the fallback of the table. Without any of these, its model is refused.

Examples:
  chancery prices list
  chancery prices template prices.json
  chancery prices check prices.json
  chancery prices declare prices.json --effective 2026-03-01T00:00:00Z`,
  );
  command.action(() =>
    refuse('usage.invalid', 'say what to do with prices', {
      remedy: 'Use `chancery prices list`, `template`, `check` or `declare`.',
    }),
  );
  declareList(command.command('list'), act);
  declareTemplate(command.command('template'), act);
  declareCheck(command.command('check'), act);
  declareDeclare(command.command('declare'), act);
}

function declareList(command: Command, act: Act): void {
  command
    .description('the price table in effect, and what every known model costs')
    .option('--json', 'JSON lines of type "price-table", then of type "price"')
    .addHelpText(
      'after',
      `
Examples:
  chancery prices list`,
    )
    .action((flags: CommonFlags) => act(flags, list));
}

function declareTemplate(command: Command, act: Act): void {
  command
    .description('write a file with the prices that are built in, to be changed')
    .argument('<file>', 'must not be there yet')
    .option('--json', 'one JSON line of type "price-template"')
    .addHelpText(
      'after',
      `
Prices are micro-USD for a million tokens: 3000000 is 3 USD. A row stands also for the dated snapshots
of its model. "fallback" is the price of a model that is not known otherwise; null refuses it.

Examples:
  chancery prices template prices.json`,
    )
    .action((file: string, flags: CommonFlags) =>
      act(flags, (session) => Promise.resolve(start(session, file))),
    );
}

function declareCheck(command: Command, act: Act): void {
  command
    .description('what a file would change; signs nothing')
    .argument('<file>')
    .option('--effective <time>', effectiveHelp)
    .option('--json', 'JSON lines of type "price-change", then one of type "prices-checked"')
    .addHelpText(
      'after',
      `
Examples:
  chancery prices check prices.json`,
    )
    .action((file: string, flags: CheckFlags) =>
      act(flags, (session) => check(session, file, flags)),
    );
}

function declareDeclare(command: Command, act: Act): void {
  command
    .description('have the prices of a file count from a time on, with your signature')
    .argument('<file>')
    .option('--effective <time>', effectiveHelp)
    .option(
      '--key <key>',
      'file of a key that may sign policies, or ssh-agent:NAME (default: yours)',
    )
    .option('--json', 'JSON lines of type "price-change", then one of type "prices-declared"')
    .addHelpText(
      'after',
      `
It takes the place of the whole table before it. Of several tables the one is in effect whose time came
last; of those of one time, the one that was declared last. A run that was started pays as before.

Examples:
  chancery prices declare prices.json
  chancery prices declare prices.json --effective 2026-03-01T00:00:00Z`,
    )
    .action((file: string, flags: DeclareFlags) =>
      act(flags, (session) => declareFile(session, file, flags)),
    );
}
