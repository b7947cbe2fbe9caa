import type { Command } from 'commander';
import { eraseKeys, planErasure, type ErasurePlan } from '@chancery/runtime/removal';
import { exitCodes, granted, refuse } from '../exit.ts';
import { reading, writing, type OpenLedger } from '../opening.ts';
import { readSubject, removalBy, type RemovalFlags } from '../evidence/removing.ts';
import type { Act, Session } from '../session.ts';
import { contentsText, count } from '../terminal/amounts.ts';
import { askYes, canAsk } from '../terminal/ask.ts';

interface Flags extends RemovalFlags {
  readonly dryRun?: boolean;
}

export function declare(command: Command, act: Act): void {
  command
    .argument('<subject>', 'name, as runs were given it with --subject')
    .option('--dry-run', 'only show what would become unreadable')
    .option('--key <key>', 'file of the key to sign with, or ssh-agent:NAME (default: your key)')
    .option('--reason <text>', 'why; recorded for ever, so name nobody in it', '')
    .option('-y, --yes', 'do not ask')
    .option('--json', 'one JSON line of type "erasure"')
    .addHelpText(
      'after',
      `
Records, signed, that the subject is erased, and destroys its key. What runs with --subject kept is
then unreadable here and in every copy of the ledger, and verify, replay and proofs still hold. Copies
of the key itself, in a backup of the folder subjects, are for you to destroy. Where
nobody can be asked it does nothing and ends with 4, unless --yes is given.

Examples:
  chancery erase ada@example.org --dry-run
  chancery erase ada@example.org --reason "as asked on 3 May" --yes`,
    )
    .action((subject: string, flags: Flags) =>
      act(flags, (session) => erase(session, subject, flags)),
    );
}

async function erase(session: Session, named: string, flags: Flags): Promise<number> {
  const { home, terminal, json } = session;
  const subject = granted(readSubject(named));
  const asks = flags.yes !== true && flags.dryRun !== true && !json && canAsk();
  if (flags.dryRun === true || !(asks || flags.yes === true)) {
    return reading(home, async (open) => {
      show(session, await planned(open, subject));
      if (flags.dryRun === true) return exitCodes.ok;
      if (!json) terminal.line('Nothing was erased: pass --yes to do it.');
      return exitCodes.held;
    });
  }
  return writing(home, async (open) => {
    const plan = await planned(open, subject);
    const [unended] = plan.open;
    if (unended !== undefined) {
      refuse('run.unfinished', `the run ${unended} of the subject has not ended`);
    }
    if (!json) show(session, plan);
    if (asks && !(await askYes('Erase it for good?'))) {
      terminal.line('Nothing was erased.');
      return exitCodes.failed;
    }
    const request = await removalBy(session, open, flags);
    granted(await eraseKeys(request, open.keys, plan.keys));
    if (json) show(session, plan, request.by.id);
    else terminal.line(`Erased, signed by ${request.by.id}.`);
    return exitCodes.ok;
  });
}

async function planned({ store, keys }: OpenLedger, subject: string): Promise<ErasurePlan> {
  return granted(await planErasure(store, keys, subject));
}

function show({ terminal, json }: Session, plan: ErasurePlan, by?: string): void {
  const { keys, runs, contents } = plan;
  if (json) terminal.json({ type: 'erasure', keys, runs, contents, by: by ?? null });
  else {
    const of =
      runs.length === 0
        ? 'no run'
        : `${count(runs.length)} ${runs.length === 1 ? 'run' : 'runs'}: ${runs.join(', ')}`;
    terminal.line(`${contentsText(contents)} of ${of}`);
  }
}
