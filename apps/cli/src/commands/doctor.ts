import { type Command } from 'commander';
import { examine, type Check } from '../examination.ts';
import { exitCodes } from '../exit.ts';
import { type Act, type CommonFlags, type Session } from '../session.ts';
import { padded, wrapped } from '../terminal/columns.ts';
import { visible } from '../terminal/visible.ts';

export function declare(command: Command, act: Act): void {
  command
    .option('--json', 'one JSON line of type "check" for each thing')
    .addHelpText(
      'after',
      `
Looks at everything that a run needs here. Ends with 1 when a thing that is needed fails.

Examples:
  chancery doctor`,
    )
    .action((flags: CommonFlags) => act(flags, doctor));
}

async function doctor(session: Session): Promise<number> {
  const { terminal, json } = session;
  let failed = false;
  for await (const check of examine(session)) {
    failed ||= check.state === 'fail';
    if (json) terminal.json({ type: 'check', ...check });
    else show(session, check);
  }
  return failed ? exitCodes.failed : exitCodes.ok;
}

const nameColumns = 14;

function show({ terminal }: Session, { name, state, detail, remedy }: Check): void {
  const { paint } = terminal;
  const looks = { ok: paint.green('ok  '), warn: paint.yellow('warn'), fail: paint.red('fail') };
  const indent = nameColumns + 6;
  const [first = '', ...rest] = wrapped(visible(detail), terminal.columns - indent);
  terminal.line(`${looks[state]}  ${padded(name, nameColumns)}${first}`);
  const more =
    remedy === null ? rest : [...rest, ...wrapped(visible(remedy), terminal.columns - indent)];
  for (const line of more) terminal.line(' '.repeat(indent) + line);
}
