import type { Command } from 'commander';
import { exitCodeOf } from '@chancery/kernel/refusal';
import { examine, type Check } from '../doctor/examination.ts';
import { exitCodes } from '../exit.ts';
import type { Act, CommonFlags, Session } from '../session.ts';
import { padded, wrapped } from '../terminal/columns.ts';
import { visible } from '../terminal/visible.ts';

export function declare(command: Command, act: Act): void {
  command
    .option('--json', 'one JSON line of type "check" for each thing')
    .addHelpText(
      'after',
      `
Looks at everything that a run needs here. "warn" is what a run may do without, or what
\`chancery init\` has yet to make; "fail" is broken.
Ends with 0, with 1 when a thing that is needed fails, with 7 when the ledger is not what it was.

Examples:
  chancery doctor`,
    )
    .action((flags: CommonFlags) => act(flags, doctor));
}

async function doctor(session: Session): Promise<number> {
  const { terminal, json } = session;
  session.terminal.endWithReader();
  let exit: number = exitCodes.ok;
  for await (const check of examine(session)) {
    if (check.state === 'fail') exit = Math.max(exit, exitFor(check));
    if (json) terminal.json({ type: 'check', ...check });
    else show(session, check);
  }
  return exit;
}

/** A ledger that is not what it was is more than a thing that is missing. */
function exitFor({ code }: Check): number {
  return code === 'ledger.corrupt' ? exitCodeOf(code) : exitCodes.failed;
}

const nameColumns = 14;

function show({ terminal }: Session, { name, state, detail, code, remedy }: Check): void {
  const { paint } = terminal;
  const looks = { ok: paint.green('ok  '), warn: paint.yellow('warn'), fail: paint.red('fail') };
  const indent = nameColumns + 6;
  const [first = '', ...rest] = wrapped(
    visible(code === null ? detail : `${code}: ${detail}`),
    terminal.columns - indent,
  );
  terminal.line(`${looks[state]}  ${padded(name, nameColumns)}${first}`);
  const more =
    remedy === null ? rest : [...rest, ...wrapped(visible(remedy), terminal.columns - indent)];
  for (const line of more) terminal.line(' '.repeat(indent) + line);
}
