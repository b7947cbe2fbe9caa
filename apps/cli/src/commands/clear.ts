import type { Command } from 'commander';
import { mayControl, type Controls, type Engaged } from '@chancery/kernel/control';
import type { Digest } from '@chancery/kernel/encoding';
import { clearControl } from '@chancery/runtime/authority';
import { exitCodes, granted, refuse } from '../exit.ts';
import { notifyNow } from '../notifications/telling.ts';
import { writing } from '../opening.ts';
import type { Act, CommonFlags, Session } from '../session.ts';
import { signatoryOn, type SignedFlags } from '../authority/signing.ts';
import { askYes, canAsk } from '../terminal/ask.ts';
import { visible } from '../terminal/visible.ts';

interface Flags extends SignedFlags, CommonFlags {
  readonly yes?: boolean;
}

export function declare(command: Command, act: Act): void {
  command
    .argument('[control]', 'the control, or its first letters (default: all that halt everything)')
    .option('--reason <text>', 'why; recorded', 'cleared by its owner')
    .option('--key <key>', "file of a human's key, or ssh-agent:NAME (default: your key)")
    .option('--yes', 'do not ask, also where somebody else engaged it')
    .option('--json', 'one JSON line of type "cleared" for each control')
    .addHelpText(
      'after',
      `
Clears what \`chancery halt\` has engaged: runs may begin and go on again. A run that was cancelled
meanwhile has ended and stays so. A control that another key engaged is shown, and asked for;
without a terminal pass --yes.

Examples:
  chancery clear
  chancery clear 4f2a91 --reason "looked at it"`,
    )
    .action((named: string | undefined, flags: Flags) =>
      act(flags, (session) => clear(session, named, flags)),
    );
}

async function clear(session: Session, named: string | undefined, flags: Flags): Promise<number> {
  const { home, terminal, json } = session;
  return writing(home, async (open) => {
    const { signatory, said } = await signatoryOn(session, open, { ...flags, stream: 'control' });
    const { engaged, trust } = await signatory.authority.controls();
    const meant = chosen(engaged, named);
    // Whoever may clear nothing is refused below, and not asked.
    const may = mayControl(trust, signatory.by.id);
    const others = may ? meant.filter(([, { by }]) => by !== signatory.by.id) : [];
    const answer = await confirmed(session, others, flags.yes === true);
    if (answer !== undefined) return answer;
    for (const [control, { reason: halted }] of meant) {
      // Whoever was faster has cleared it: it is not told twice.
      if (!granted(await clearControl(signatory, { engaged: control, reason: said }))) continue;
      const by = signatory.by.id;
      if (json) terminal.json({ type: 'cleared', control, by, reason: said });
      else terminal.line(`Cleared: control ${control.slice(0, 12)} (${visible(halted)}).`);
    }
    await notifyNow(session, open);
    return exitCodes.ok;
  });
}

/** Exit code where a control that somebody else engaged is not to be cleared after all. */
async function confirmed(
  { terminal, json }: Session,
  others: readonly Standing[],
  isSure: boolean,
): Promise<number | undefined> {
  if (isSure || others.length === 0) return undefined;
  for (const [control, { by, mode, reason }] of json ? [] : others) {
    terminal.line(`${control.slice(0, 12)} (${mode}) was engaged by ${by}: ${visible(reason)}`);
  }
  if (json || !canAsk()) {
    if (!json) terminal.line('Nothing was cleared: pass --yes to do it.');
    return exitCodes.held;
  }
  if (await askYes('Clear what somebody else has halted?')) return undefined;
  terminal.line('Nothing was cleared.');
  return exitCodes.failed;
}

type Standing = readonly [Digest, Engaged];

/** The controls that are meant. Refuses `usage.invalid` where there is none, or more than one was named. */
function chosen(engaged: Controls, named: string | undefined): readonly Standing[] {
  const all = [...engaged];
  const found =
    named === undefined
      ? all.filter(([, { scope }]) => scope === 'all')
      : all.filter(([control]) => control.startsWith(named));
  if (found.length === 0) {
    const which = named === undefined ? 'nothing is halted' : `no control ${named} is engaged`;
    const halts = all.map(([control]) => control.slice(0, 12)).join(', ');
    const remedy = halts === '' ? 'Nothing is left to do.' : `These are engaged: ${halts}.`;
    refuse('usage.invalid', which, { remedy });
  }
  if (named !== undefined && found.length > 1) {
    refuse('usage.invalid', `${found.length} controls begin with ${named}`, {
      remedy: 'Give more letters of the control.',
    });
  }
  return found;
}
