import type { Command } from 'commander';
import { compilerVersion } from '@chancery/kernel/compiler';
import { catalogueDigest } from '@chancery/kernel/ledger';
import type { KeyId } from '@chancery/kernel/encoding';
import { driftOf, replayOf, type Drift, type RunState } from '@chancery/kernel/replay';
import { exitCodeOf } from '@chancery/kernel/refusal';
import { Authority } from '@chancery/runtime/authority';
import { foldRunState } from '@chancery/runtime/snapshots';
import { digestsWith } from '../compose/declared.ts';
import { exitCodes } from '../exit.ts';
import { reading } from '../opening.ts';
import { findRun } from '../runs/reading.ts';
import { refusedLines, tellRefused } from '../runs/refused-snapshots.ts';
import type { Act, CommonFlags, Session } from '../session.ts';
import { showFields, type Field } from '../terminal/fields.ts';

interface Flags extends CommonFlags {
  readonly full?: boolean;
}

export function declare(command: Command, act: Act): void {
  command
    .argument('<run>', 'id of the run, or its first letters')
    .option('--full', 'fold every entry, whatever snapshots there are')
    .option('--json', 'one JSON line of type "replay"')
    .addHelpText(
      'after',
      `
Folds the run again from its entries, without any model or capability, and compares the digest of
its world with the recorded one; ends with 7 when they differ. Then it tells what would be decided
otherwise today: another compiler, policy or contract, or a key that the ledger has taken leave of. It goes on from the newest snapshot of the
run that holds; one that does not is told and passed over.

Examples:
  chancery replay 6gzs
  chancery replay 6gzs --full`,
    )
    .action((run: string, flags: Flags) =>
      act(flags, (session) => replay(session, run, flags.full === true)),
    );
}

async function replay(session: Session, named: string, whole: boolean): Promise<number> {
  const { home, terminal, json } = session;
  return reading(home, async (open) => {
    const { store, ledger } = open;
    const run = await findRun(store, named);
    const { state, from, folded, refused } = await foldRunState(open, `run:${run}`, { whole });
    const { worldDigest, matches } = replayOf(state);
    const entries = (state.head?.seq ?? -1) + 1;
    const authority = new Authority(store, ledger);
    const policy = await authority.policySet();
    const { manifests } = await authority.policies();
    const signers = await signersOf(authority, state);
    const drift = driftOf(
      { ...state, signers },
      {
        ...{ compilerVersion, catalogueDigest },
        policySetDigest: policy.digest,
        contracts: await digestsWith(manifests),
        trust: await authority.trust(),
      },
    );
    const recorded = state.finished?.worldDigest ?? null;
    if (json) {
      const equal = matches ?? null;
      terminal.json({
        type: 'replay',
        run,
        ...{ entries, from: from?.seq ?? null, folded, refused: refusedLines(refused) },
        ...{ worldDigest, recorded, equal, drift },
      });
    } else {
      tellRefused(terminal, run, refused);
      const { paint } = terminal;
      const after =
        from === null ? '' : `, ${folded} of them after the snapshot of entry ${from.seq}`;
      showFields(terminal, [
        ['Run', run],
        ['Entries', `${entries}, replayed without a model or a tool${after}`],
        ['World', worldDigest],
        ['Recorded', recorded ?? 'the run has not ended'],
        ['Equal', matches === undefined ? '-' : matches ? paint.green('yes') : paint.red('NO')],
        ...driftFields(drift),
      ]);
    }
    return matches === false ? exitCodeOf('ledger.corrupt') : exitCodes.ok;
  });
}

/** Keys by which a run acted: its own, and those that its writ comes from. */
async function signersOf(authority: Authority, state: RunState): Promise<readonly KeyId[]> {
  const { started, stream } = state;
  if (started === undefined) return [];
  const { chain } = await authority.standing(stream, started.writ);
  return [started.actor, ...chain.map(({ writ }) => writ.issuer)];
}

function driftFields(drift: readonly Drift[]): readonly Field[] {
  if (drift.length === 0) return [['Drift', 'none: it would be decided alike today']];
  return drift.map(({ what, name, recorded, present, seq }): Field => {
    const of = name === undefined ? what : `${what} of ${name}`;
    return ['Drift', `${of}, entry ${seq}: ${recorded} then, ${present ?? 'nothing'} today`];
  });
}
