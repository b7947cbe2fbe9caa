import type { Command } from 'commander';
import type { Body } from '@chancery/kernel/ledger';
import { assert, done } from '@chancery/kernel/refusal';
import { engageControl } from '@chancery/runtime/authority';
import type { Model } from '@chancery/runtime/cognition';
import { abandon, drive, resumeRun, sharedPaths, type House } from '@chancery/runtime/drive';
import { entriesOf } from '@chancery/runtime/journal';
import { foldRunState } from '@chancery/runtime/snapshots';
import { exitCodes, granted, refuse } from '../exit.ts';
import { bestRedactor } from '../secrets/guarding.ts';
import { recordedLimits } from '../runs/command-limits.ts';
import { Narrator } from '../runs/narrator.ts';
import { lendingVault } from '../compose/vault.ts';
import { houseOn, writing } from '../opening.ts';
import { findRun, viewRun } from '../runs/reading.ts';
import { signatoryOn } from '../authority/signing.ts';
import type { Act, CommonFlags, Session } from '../session.ts';

interface Flags extends CommonFlags {
  readonly reason: string;
}

export function declare(command: Command, act: Act): void {
  command
    .argument('<run>', 'id of the run, or its first letters')
    .option('--reason <text>', 'why; recorded', 'cancelled by its owner')
    .option('--json', 'one JSON line of type "cancelled"')
    .addHelpText(
      'after',
      `
Halts a run for good, whoever drives it: what is running is ended, nothing new begins. What was done
so far stays on the branch of the run.

Examples:
  chancery cancel 6gzs
  chancery cancel 6gzs --reason "wrong repository"`,
    )
    .action((run: string, flags: Flags) => act(flags, (session) => cancel(session, run, flags)));
}

async function cancel(session: Session, named: string, { reason }: Flags): Promise<number> {
  const { terminal, json } = session;
  return writing(session.home, async (open) => {
    const run = await findRun(open.store, named);
    const { started, finished } = (await foldRunState(open, `run:${run}`)).state;
    assert(started !== undefined, 'a run that is found has begun');
    if (finished !== undefined)
      refuse('run.finished', `the run ${run} has ended: ${finished.outcome}`);
    const narrator = new Narrator({ ...session, json: false }, open.store, {
      all: false,
      live: false,
      keys: open.keys,
    });
    const onEntry = json ? () => undefined : narrator.tell;
    const vault = await lendingVault(session, false);
    const house = await houseOn(session, open, {
      ...{ goesOn: `run:${run}`, onEntry },
      unsafe: started.sandbox.unsafe,
      network: true,
      declared: 'all',
      commandLimits: recordedLimits(started.sandbox.limits),
      ...{ vault, redactor: await bestRedactor(session, vault) },
    });
    const { signatory, said } = await signatoryOn(session, open, { reason, stream: 'control' });
    granted(await engageControl(signatory, { scope: 'run', run, mode: 'kill', reason: said }));
    await narrator.recall(entriesOf(open.store, `run:${run}`));
    const ended = await finishIfFree(house, run, started);
    await narrator.settled();
    const { status } = await viewRun(open, run);
    if (json) terminal.json({ type: 'cancelled', run, reason: said, driven: !ended, status });
    else if (!ended) terminal.line(`The process that drives ${run} ends it now.`);
    return exitCodes.ok;
  });
}

/**
 * Brings the run to its end, unless another process drives it and will. One whose files or repository do not serve, or of
 * which nobody knows any more what it was lent, is given up.
 */
async function finishIfFree(
  house: House,
  run: string,
  started: Body<'run.started'>,
): Promise<boolean> {
  const modelOf = () => Promise.resolve(done(silentModel(started)));
  const held = await resumeRun(house, { run, modelOf, readable: sharedPaths(started) });
  if (!held.ok && held.refusal.code === 'run.driven') return false;
  if (!held.ok && /^(?:repo\..*|vault\..*|passphrase\..*)$/.test(held.refusal.code)) {
    granted(await abandon(house, run, `cancelled; ${held.refusal.message}`));
    return true;
  }
  const { driven, release } = granted(held);
  try {
    const stop = new AbortController().signal;
    await drive(driven, { stop, rest: () => Promise.resolve(), waitForHumans: false });
  } finally {
    await release();
  }
  return true;
}

/** Stands for the model of a run that will not ask it again. */
function silentModel({ agent }: Body<'run.started'>): Model {
  return {
    ...{ id: agent.model, price: undefined },
    estimateTokens: () => 0,
    async *stream() {
      const message = 'the run is cancelled';
      yield {
        type: 'failed',
        failure: { class: 'terminal', code: 'cancelled', message, retryAfterMs: undefined },
        usage: undefined,
      };
    },
  };
}
