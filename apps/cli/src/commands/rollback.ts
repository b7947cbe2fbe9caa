import type { Command } from 'commander';
import { exitCodes, refuse } from '../exit.ts';
import { reading, writing, type OpenLedger } from '../opening.ts';
import { planRollback, planWithChildren, type Rollback } from '../rollback/planning.ts';
import { showRollbacks } from '../rollback/showing.ts';
import { undoAll, type UndoFlags } from '../rollback/undoing.ts';
import { findRun } from '../runs/reading.ts';
import type { Act, CommonFlags, Session } from '../session.ts';
import { askYes, canAsk } from '../terminal/ask.ts';

interface Flags extends CommonFlags, UndoFlags {
  readonly to: string;
  readonly withChildren?: boolean;
  readonly dryRun?: boolean;
  readonly leaveLasting?: boolean;
  readonly yes?: boolean;
}

export function declare(command: Command, act: Act): void {
  command
    .argument('<run>', 'id of the run, or its first letters')
    .requiredOption(
      '--to <place>',
      'what is to be again: start, the number of an entry, or savepoint:NAME',
    )
    .option('--with-children', 'undo also the runs that go on from what is undone, before it')
    .option('--dry-run', 'only show what would be undone, and what would stay')
    .option('--leave-lasting', 'go on although something cannot be undone')
    .option('-y, --yes', 'do not ask')
    .option('--apply', 'bring the result into your checkout when all was undone')
    .option('--wait', 'wait for a human where one is needed (default on a terminal)')
    .option('--no-wait', 'end with exit code 4 where a human is needed')
    .option('--unlock-vault', 'ask for the passphrase of the vault, so that secrets can be lent')
    .option('--verbose', 'show every entry')
    .option('--json', 'a line of type "rollback" for each run, then those of a run for each')
    .addHelpText(
      'after',
      `
Undoes what a run that has ended did after an entry: what has left the machine by the compensation of
its capability, the last first, then the files, byte for byte. It is a run of its own, without a model:
every step is decided, held and recorded like any other action, and none is taken unless all would pass.
With --with-children, the runs that were branched from what is undone are undone before it, each by a
rollback of its own; none takes a step unless the steps of all would pass.
When a step fails, the same command goes on with what is left. Its result is a branch upon that of
the run, for your checkout to take over with "chancery apply".

Where nobody can be asked it does nothing and ends with 4, unless --yes is given.

Examples:
  chancery rollback 6gzs --to start --dry-run
  chancery rollback 6gzs --to 17 --with-children --yes
  chancery rollback 6gzs --to savepoint:before-migration --apply`,
    )
    .action((run: string, flags: Flags) => act(flags, (session) => rollback(session, run, flags)));
}

async function rollback(session: Session, named: string, flags: Flags): Promise<number> {
  const { home, terminal, json } = session;
  const asks = flags.yes !== true && !json && canAsk();
  if (flags.dryRun === true || !(asks || flags.yes === true)) {
    return reading(home, async (open) => {
      showRollbacks(session, await planAll(open, named, flags));
      if (flags.dryRun === true) return exitCodes.ok;
      if (!json) terminal.line('Nothing was undone: pass --yes to do it.');
      return exitCodes.held;
    });
  }
  return writing(home, async (open) => {
    const all = await planAll(open, named, flags);
    showRollbacks(session, all);
    const lasting = all.flatMap(({ run, plan, inherited }) => [
      ...plan.lasting.map(({ entry }) => ({ run, entry })),
      ...inherited,
    ]);
    if (lasting.length > 0 && flags.leaveLasting !== true) {
      const entries = lasting.map((each) =>
        each.run === all.at(-1)?.run ? String(each.entry) : `${each.run}@${each.entry}`,
      );
      refuse('rollback.lasting', 'not everything of it can be undone', {
        details: { entries: entries.join(', ') },
      });
    }
    const planned = all.filter(({ plan }) => plan.steps.length > 0);
    if (planned.length === 0) return exitCodes.ok;
    if (asks && !(await askYes('Undo it?'))) {
      terminal.line('Nothing was undone.');
      return exitCodes.failed;
    }
    return undoAll(session, open, { planned, flags });
  });
}

async function planAll(
  open: OpenLedger,
  named: string,
  { to, withChildren }: Flags,
): Promise<readonly Rollback[]> {
  const run = await findRun(open.store, named);
  if (withChildren === true) return planWithChildren(open, run, to);
  return [await planRollback(open, run, to)];
}
