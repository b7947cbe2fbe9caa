import { type Command } from 'commander';
import { compilerVersion } from '@chancery/kernel/compiler';
import { catalogueDigest } from '@chancery/kernel/ledger';
import { driftOf, replayRun, type Drift } from '@chancery/kernel/replay';
import { exitCodeOf } from '@chancery/kernel/refusal';
import { Authority } from '@chancery/runtime/authority';
import { offeredDigests } from '../compose.ts';
import { exitCodes } from '../exit.ts';
import { reading } from '../opening.ts';
import { findRun, streamOf } from '../reading.ts';
import { type Act, type CommonFlags, type Session } from '../session.ts';
import { showFields, type Field } from '../terminal/fields.ts';

export function declare(command: Command, act: Act): void {
  command
    .argument('<run>', 'id of the run, or its first letters')
    .option('--json', 'one JSON line of type "replay"')
    .addHelpText(
      'after',
      `
Folds the run again from its entries, without any model or capability, and compares the digest of
its world with the recorded one; ends with 7 when they differ. Then it tells what would be decided
otherwise today: another compiler, policy or contract.

Examples:
  chancery replay 6gzs`,
    )
    .action((run: string, flags: CommonFlags) => act(flags, (session) => replay(session, run)));
}

async function replay({ home, terminal, json }: Session, named: string): Promise<number> {
  return reading(home, async ({ store, config }) => {
    const run = await findRun(store, named);
    const entries = await streamOf(store, `run:${run}`);
    const { worldDigest, matches, state } = replayRun(`run:${run}`, entries);
    const policy = await new Authority(store, config.ledger).policySet();
    const drift = driftOf(state, {
      ...{ compilerVersion, catalogueDigest },
      policySetDigest: policy.digest,
      contracts: await offeredDigests(),
    });
    const recorded = state.finished?.worldDigest ?? null;
    if (json) {
      const equal = matches ?? null;
      terminal.json({
        type: 'replay',
        run,
        entries: entries.length,
        worldDigest,
        recorded,
        equal,
        drift,
      });
    } else {
      const { paint } = terminal;
      showFields(terminal, [
        ['Run', run],
        ['Entries', `${entries.length}, replayed without a model or a tool`],
        ['World', worldDigest],
        ['Recorded', recorded ?? 'the run has not ended'],
        ['Equal', matches === undefined ? '-' : matches ? paint.green('yes') : paint.red('NO')],
        ...driftFields(drift),
      ]);
    }
    return matches === false ? exitCodeOf('ledger.corrupt') : exitCodes.ok;
  });
}

function driftFields(drift: readonly Drift[]): readonly Field[] {
  if (drift.length === 0) return [['Drift', 'none: it would be decided alike today']];
  return drift.map(({ what, name, recorded, present, seq }): Field => {
    const of = name === undefined ? what : `${what} of ${name}`;
    return ['Drift', `${of}, entry ${seq}: ${recorded} then, ${present ?? 'nothing'} today`];
  });
}
