import { type Command } from 'commander';
import { engageControl } from '@chancery/runtime/authority';
import { exitCodes, granted } from '../exit.ts';
import { writing } from '../opening.ts';
import { ownName } from '../own-name.ts';
import { type Act, type CommonFlags, type Session } from '../session.ts';
import { signatoryOn, type SignedFlags } from '../authority/signing.ts';

export function declare(command: Command, act: Act): void {
  command
    .option('--reason <text>', 'why; recorded', 'halted by its owner')
    .option('--key <file>', "a human's key to sign with (default: yours)")
    .option('--json', 'one JSON line of type "halted"')
    .addHelpText(
      'after',
      `
Halts everything, whoever drives it: what is running is ended and its run cancelled, and no run
begins. A run that nobody drives is cancelled when it is resumed. It stands until \`chancery clear\`.
To end one run only, use \`chancery cancel\`.

Examples:
  chancery halt
  chancery halt --reason "the model misbehaves"`,
    )
    .action((flags: SignedFlags & CommonFlags) => act(flags, (session) => halt(session, flags)));
}

async function halt(session: Session, flags: SignedFlags): Promise<number> {
  const { home, terminal, json, env } = session;
  return writing(home, async (open) => {
    const { signatory, said } = await signatoryOn(session, open, { ...flags, stream: 'control' });
    const control = granted(await engageControl(signatory, { run: null, reason: said }));
    const by = signatory.by.id;
    if (json) {
      terminal.json({ type: 'halted', control, by, reason: said });
      return exitCodes.ok;
    }
    terminal.line(`Halted: control ${control.slice(0, 12)}, signed by ${by}.`);
    terminal.line(`To let runs go on: ${ownName(env)} clear`);
    return exitCodes.ok;
  });
}
