import type { Command } from 'commander';
import { refuse } from '../exit.ts';
import { check, declareFile, retire, type KeyFlags } from '../programs/declaring.ts';
import { list, show, type ListFlags } from '../programs/listing.ts';
import { start, type TemplateFlags } from '../programs/starting.ts';
import type { Act, CommonFlags } from '../session.ts';

const keyHelp = 'file of a key that may sign policies, or ssh-agent:NAME (default: yours)';

export function declare(command: Command, act: Act): void {
  command.addHelpText(
    'after',
    `
A command is understood by what is known of its programs: which of their words they read, write, run or
send. A row tells that of one; a command of whose program nothing is known is not understood, and held.

Examples:
  chancery programs show tar
  chancery programs template kustomize
  chancery programs check kustomize.json
  chancery programs declare kustomize.json`,
  );
  command.action(() =>
    refuse('usage.invalid', 'say what to do with programs', {
      remedy: 'Use `chancery programs list`, `show`, `template`, `check`, `declare` or `retire`.',
    }),
  );
  declareList(command.command('list'), act);
  declareShow(command.command('show'), act);
  declareTemplate(command.command('template'), act);
  declareCheck(command.command('check'), act);
  declareDeclare(command.command('declare'), act);
  declareRetire(command.command('retire'), act);
}

function declareList(command: Command, act: Act): void {
  command
    .description('the programs that the ledger tells of')
    .option('--all', 'those that are built in as well')
    .option('--json', 'JSON lines of type "program"')
    .addHelpText(
      'after',
      `
Examples:
  chancery programs list`,
    )
    .action((flags: ListFlags) => act(flags, (session) => list(session, flags)));
}

function declareShow(command: Command, act: Act): void {
  command
    .description('what is known of a program, with the lines beside it')
    .argument('<name>')
    .option('--json', 'one JSON line of type "program-row"')
    .addHelpText(
      'after',
      `
Examples:
  chancery programs show tar`,
    )
    .action((name: string, flags: CommonFlags) => act(flags, (session) => show(session, name)));
}

function declareTemplate(command: Command, act: Act): void {
  command
    .description('write a file with a row to begin with, to be changed')
    .argument('<name>', 'of the program')
    .option('--out <file>', 'must not be there yet (default: NAME.json)')
    .option('--json', 'one JSON line of type "program-file"')
    .addHelpText(
      'after',
      `
Examples:
  chancery programs template kustomize`,
    )
    .action((name: string, flags: TemplateFlags) =>
      act(flags, (session) => start(session, name, flags)),
    );
}

function declareCheck(command: Command, act: Act): void {
  command
    .description('read the lines beside the rows of a file, and whether it can be declared')
    .argument('<file>')
    .option('--json', 'JSON lines of type "program-case", then one of "programs-checked"')
    .addHelpText(
      'after',
      `
Signs nothing. A line tells what is found in it: deeds, "unknown", then <FILE read and >FILE written.

Examples:
  chancery programs check kustomize.json`,
    )
    .action((file: string, flags: CommonFlags) => act(flags, (session) => check(session, file)));
}

function declareDeclare(command: Command, act: Act): void {
  command
    .description('have commands be read by the rows of a file, with your signature')
    .argument('<file>')
    .option('--key <key>', keyHelp)
    .option('--json', 'one JSON line of type "programs-declared"')
    .addHelpText(
      'after',
      `
A row takes the place of the one that was declared of the same name. What is built in cannot be declared
otherwise, nor can another version or spelling of it.

Examples:
  chancery programs declare kustomize.json`,
    )
    .action((file: string, flags: KeyFlags) =>
      act(flags, (session) => declareFile(session, file, flags)),
    );
}

function declareRetire(command: Command, act: Act): void {
  command
    .description('have nothing be known of a program any more, with your signature')
    .argument('<name>')
    .option('--key <key>', keyHelp)
    .option('--json', 'one JSON line of type "program-retired"')
    .addHelpText(
      'after',
      `
Examples:
  chancery programs retire kustomize`,
    )
    .action((name: string, flags: KeyFlags) =>
      act(flags, (session) => retire(session, name, flags)),
    );
}
