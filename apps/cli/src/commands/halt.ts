import type { Command } from 'commander';
import { controlModes, type ControlMode, type ControlScope } from '@chancery/kernel/control';
import { engageControl } from '@chancery/runtime/authority';
import { exitCodes, granted, refuse } from '../exit.ts';
import { notifyNow } from '../notifications/telling.ts';
import { writing, type OpenLedger } from '../opening.ts';
import { ownName } from '../own-name.ts';
import { readBelonging } from '../runs/belonging.ts';
import { findRun } from '../runs/reading.ts';
import type { Act, CommonFlags, Session } from '../session.ts';
import { listHalts } from '../authority/halts.ts';
import { signatoryOn, type SignedFlags } from '../authority/signing.ts';
import { findWrit } from '../authority/writ-inspection.ts';

interface Flags extends SignedFlags, CommonFlags {
  readonly run?: string;
  readonly plan?: string;
  readonly writ?: string;
  readonly mode: string;
}

export function declare(command: Command, act: Act): void {
  command
    // What stands after `list` is for it alone.
    .enablePositionalOptions()
    .option('--run <run>', 'only this run: its id, or its first letters')
    .option('--plan <plan>', 'only runs of this plan, those that are yet to begin among them')
    .option('--writ <writ>', 'only what acts under this writ, or under one carved from it')
    .option('--mode <mode>', 'kill, soft or lockdown', 'kill')
    .option('--reason <text>', 'why; recorded', 'halted by its owner')
    .option('--key <key>', "file of a human's key, or ssh-agent:NAME (default: your key)")
    .option('--json', 'one JSON line of type "halted"')
    .addHelpText(
      'after',
      `
Halts everything, or what --run, --plan or --writ names, whoever drives it. It never asks, and stands until
\`chancery clear\`. No run that it concerns begins meanwhile.
  kill      what is running is ended, with all its processes, and its run cancelled; a run that
            nobody drives is cancelled when it is resumed
  soft      no turn and no effect begins; what is running comes to its end, then the run rests
  lockdown  nothing is written: effects that only look go on, all others are refused
After soft and lockdown \`chancery resume\` goes on with a run. \`chancery cancel\` ends one for good.

Examples:
  chancery halt
  chancery halt --mode soft --reason "the model misbehaves"
  chancery halt --plan release --mode soft
  chancery halt --writ docs.writ --mode lockdown
  chancery halt list`,
    )
    .action((flags: Flags) => act(flags, (session) => halt(session, flags)));
  command
    .command('list')
    .description('what is halted now, why, and by whom')
    .option('--json', 'one JSON line of type "control" for each')
    .action((flags: CommonFlags) => act(flags, listHalts));
}

async function halt(session: Session, flags: Flags): Promise<number> {
  const { home, terminal, json, env } = session;
  const mode = readMode(flags.mode);
  return writing(home, async (open) => {
    const what = await scopeOf(open, flags);
    const { signatory, said: reason } = await signatoryOn(session, open, {
      ...flags,
      stream: 'control',
    });
    const control = granted(await engageControl(signatory, { ...what, mode, reason }));
    const by = signatory.by.id;
    if (json) {
      const { scope, run } = what;
      const writ = scope === 'writ' ? what.writ : null;
      const plan = scope === 'plan' ? what.plan : null;
      terminal.json({ type: 'halted', control, scope, run, plan, writ, mode, by, reason });
    } else {
      terminal.line(`${outcomes[mode]}: control ${control.slice(0, 12)}, signed by ${by}.`);
      const named = what.scope === 'all' ? '' : ` ${control.slice(0, 12)}`;
      terminal.line(`To let runs go on: ${ownName(env)} clear${named}`);
    }
    await notifyNow(session, open);
    return exitCodes.ok;
  });
}

const outcomes: Readonly<Record<ControlMode, string>> = {
  kill: 'Halted',
  soft: 'Halted softly',
  lockdown: 'Writes are locked',
};

function readMode(said: string): ControlMode {
  const mode = controlModes.find((each) => each === said);
  return mode ?? refuse('usage.invalid', `--mode is kill, soft or lockdown, not ${said}`);
}

async function scopeOf(open: OpenLedger, { run, plan, writ }: Flags): Promise<ControlScope> {
  if ([run, plan, writ].filter((each) => each !== undefined).length > 1) {
    refuse('usage.invalid', 'a control is about a run, a plan or a writ: name one of them');
  }
  if (plan !== undefined) {
    granted(readBelonging({ plan }));
    return { scope: 'plan', run: null, plan };
  }
  if (run !== undefined) return { scope: 'run', run: await findRun(open.store, run) };
  if (writ === undefined) return { scope: 'all', run: null };
  return { scope: 'writ', run: null, writ: granted(await findWrit(open, writ)).id };
}
