import { undoPlanDigest } from '@chancery/kernel/replay';
import { type Command } from 'commander';
import { authoriseDirectly, noModel, startRun } from '@chancery/runtime/drive';
import { foundedKey } from '../compose/keys.ts';
import { exitCodes, granted, refuse } from '../exit.ts';
import { reading, writing, type OpenLedger } from '../opening.ts';
import { planRollback, type Rollback } from '../rollback/planning.ts';
import { showRollback } from '../rollback/showing.ts';
import { approvalMs, termsOf } from '../rollback/terms.ts';
import { driveToRest } from '../runs/driving.ts';
import { findRun } from '../runs/reading.ts';
import { runHouse } from '../runs/run-house.ts';
import { type Act, type CommonFlags, type Session } from '../session.ts';
import { askYes, canAsk } from '../terminal/ask.ts';

interface Flags extends CommonFlags {
  readonly to: string;
  readonly dryRun?: boolean;
  readonly leaveLasting?: boolean;
  readonly yes?: boolean;
  readonly apply?: boolean;
  readonly wait?: boolean;
  readonly unlockVault?: boolean;
  readonly verbose?: boolean;
}

export function declare(command: Command, act: Act): void {
  command
    .argument('<run>', 'id of the run, or its first letters')
    .requiredOption(
      '--to <place>',
      'what is to be again: start, the number of an entry, or savepoint:NAME',
    )
    .option('--dry-run', 'only show what would be undone, and what would stay')
    .option('--leave-lasting', 'go on although something cannot be undone')
    .option('-y, --yes', 'do not ask')
    .option('--apply', 'bring the result into your checkout when all was undone')
    .option('--wait', 'wait for a human where one is needed (default on a terminal)')
    .option('--no-wait', 'end with exit code 4 where a human is needed')
    .option('--unlock-vault', 'ask for the passphrase of the vault, so that secrets can be lent')
    .option('--verbose', 'show every entry')
    .option('--json', 'a line of type "rollback", then those of a run')
    .addHelpText(
      'after',
      `
Undoes what a run that has ended did after an entry: what has left the machine by the compensation of
its capability, the last first, then the files, byte for byte. It is a run of its own, without a model:
every step is decided, held and recorded like any other action, and none is taken unless all would pass.
When a step fails, the same command goes on with what is left. Its result is a branch upon that of
the run, for your checkout to take over with "chancery apply".

Where nobody can be asked it does nothing and ends with 4, unless --yes is given.

Examples:
  chancery rollback 6gzs --to start --dry-run
  chancery rollback 6gzs --to 17 --yes
  chancery rollback 6gzs --to savepoint:before-migration --apply`,
    )
    .action((run: string, flags: Flags) => act(flags, (session) => rollback(session, run, flags)));
}

async function rollback(session: Session, named: string, flags: Flags): Promise<number> {
  const { home, terminal, json } = session;
  const asks = flags.yes !== true && !json && canAsk();
  if (flags.dryRun === true || !(asks || flags.yes === true)) {
    return reading(home, async (open) => {
      showRollback(session, await planRollback(open, await findRun(open.store, named), flags.to));
      if (flags.dryRun === true) return exitCodes.ok;
      if (!json) terminal.line('Nothing was undone: pass --yes to do it.');
      return exitCodes.held;
    });
  }
  return writing(home, async (open) => {
    const planned = await planRollback(open, await findRun(open.store, named), flags.to);
    showRollback(session, planned);
    const { steps, lasting } = planned.plan;
    if (lasting.length > 0 && flags.leaveLasting !== true) {
      refuse('rollback.lasting', 'not everything of it can be undone', {
        details: { entries: lasting.map(({ entry }) => entry).join(', ') },
      });
    }
    if (steps.length === 0) return exitCodes.ok;
    if (asks && !(await askYes('Undo it?'))) {
      terminal.line('Nothing was undone.');
      return exitCodes.failed;
    }
    return undo(session, open, { planned, flags });
  });
}

async function undo(
  session: Session,
  open: OpenLedger,
  { planned, flags }: { readonly planned: Rollback; readonly flags: Flags },
): Promise<number> {
  const { home, env } = session;
  const { run, to, from, plan, contracts } = planned;
  const { house, narrator } = await runHouse(session, open, flags, {
    ...{ goesOn: `run:${run}`, network: true, declared: 'all', unsafe: false },
  });
  const owner = granted(await foundedKey(home.ownerKey, env));
  const terms = termsOf(contracts, plan.steps.length, house.clock.nowMs());
  const authorised = granted(await authoriseDirectly(house, owner, terms));
  const { started } = from;
  const held = granted(
    await startRun(house, {
      ...{ from, authorised, rollback: { to, undoing: undoPlanDigest(plan) }, model: noModel },
      task: `Undo what the run ${run} did after its entry ${to}`,
      why: 'chancery rollback',
      repository: started.workspace.repository,
      allowDirty: false,
      gates: [],
      limits: {
        ...{ turns: 0, retries: 0, outputTokens: 0, approvalMs },
        wallMs: terms.budget.wallMs,
      },
      riskThreshold: started.riskThreshold,
      protectedPaths: started.protectedPaths,
      readable: [],
      ...(started.subject === undefined ? {} : { subject: started.subject.key }),
      ...(started.initiative === undefined ? {} : { initiative: started.initiative }),
      ...(started.plan === undefined ? {} : { plan: started.plan }),
    }),
  );
  return driveToRest(session, {
    ...{ house, held, narrator },
    waitForHumans: flags.wait ?? session.terminal.isTty,
    apply: flags.apply === true,
  });
}
