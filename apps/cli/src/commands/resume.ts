import type { Command } from 'commander';
import type { Digest } from '@chancery/kernel/encoding';
import type { Body } from '@chancery/kernel/ledger';
import { assert, refused, type Result } from '@chancery/kernel/refusal';
import { resolveDoubt } from '@chancery/runtime/broker';
import type { Model } from '@chancery/runtime/cognition';
import { noModel, resumeRun, sharedPaths, type HeldRun } from '@chancery/runtime/drive';
import { entriesOf } from '@chancery/runtime/journal';
import { foldRunState } from '@chancery/runtime/snapshots';
import { foundedKey } from '../compose/keys.ts';
import { modelOf } from '../compose/models.ts';
import { doubtedIn, takeBack } from '../rollback/taking-back.ts';
import { driveToRest } from '../runs/driving.ts';
import { granted, refuse } from '../exit.ts';
import { chooseModel, flagsOf, type ModelFlags } from '../runs/model-choice.ts';
import { writing } from '../opening.ts';
import { findRun } from '../runs/reading.ts';
import { recordedHouse } from '../runs/run-house.ts';
import type { Act, CommonFlags, Session } from '../session.ts';

interface Flags extends CommonFlags, ModelFlags {
  readonly happened?: string;
  readonly didNotHappen?: string;
  readonly compensate?: string;
  readonly evidence?: string;
  readonly unlockVault?: boolean;
  readonly apply?: boolean;
  readonly wait?: boolean;
  readonly verbose?: boolean;
}

export function declare(command: Command, act: Act): void {
  command
    .argument('<run>', 'id of the run, or its first letters')
    .option('--happened <action>', 'an effect in doubt did happen')
    .option('--did-not-happen <action>', 'an effect in doubt did not happen; it is done again')
    .option(
      '--compensate <action>',
      'an effect in doubt did happen; the run ends, and it is taken back at once',
    )
    .option('--evidence <text>', 'how you know; recorded')
    .option('--model <provider:name>', 'where the model is now, when it has moved')
    .option('--base-url <url>', "address of the provider's API, when it has moved")
    .option('--unlock-vault', 'ask for the passphrase of the vault, so that secrets can be lent')
    .option('--apply', 'bring the result into your checkout when it has succeeded')
    .option('--wait', 'wait for a human where one is needed (default on a terminal)')
    .option('--no-wait', 'end with exit code 4 where a human is needed')
    .option('--verbose', 'show every entry')
    .option('--json', 'one JSON line for each entry, then one of type "result"')
    .addHelpText(
      'after',
      `
Goes on from what is recorded. An effect that was cut off is looked at first: what only looks is
done again, a change of files is undone and done again, anything else waits for your word. --compensate
says that it happened, ends the run, and undoes it by a rollback, which is decided and held like any.

Examples:
  chancery resume 6gzs
  chancery resume 6gzs --did-not-happen 4f2a91 --evidence "the server has no such order"`,
    )
    .action((run: string, flags: Flags) => act(flags, (session) => resume(session, run, flags)));
}

async function resume(session: Session, named: string, flags: Flags): Promise<number> {
  const word = granted(readWord(flags));
  return writing(session.home, async (open) => {
    const run = await findRun(open.store, named);
    const { started } = (await foldRunState(open, `run:${run}`)).state;
    assert(started !== undefined, 'a run that is found has begun');
    const { house, narrator } = await recordedHouse(session, open, flags, { run, started });
    const modelFor = (): Promise<Result<Model>> => recordedModel(session, started, flags);
    const readable = sharedPaths(started);
    const held = granted(await resumeRun(house, { run, modelOf: modelFor, readable }));
    await narrator.recall(entriesOf(open.store, `run:${run}`));
    const action = word && actionInDoubt(held, word);
    const after = held.driven.context.trajectory.head?.seq ?? 0;
    if (action !== undefined && flags.compensate !== undefined) {
      const { capability, isTakenBack } = await doubtedIn(open, run, action);
      if (!isTakenBack) refuse('rollback.lasting', `nothing takes back what ${capability} did`);
    }
    if (word !== undefined && action !== undefined) await settleDoubt(session, held, action, word);
    if (flags.compensate !== undefined) {
      return takeBack(session, open, { held, narrator }, { after, flags });
    }
    return driveToRest(session, {
      ...{ house, held, narrator },
      // A word about a doubt does not say that the agent of the run has nothing more to do.
      ...(started.agent.kind === 'mcp' && word !== undefined ? { agent: 'away' as const } : {}),
      ...(started.agent.kind === 'mcp' ? { goOn: 'mcp --resume' } : {}),
      waitForHumans: flags.wait ?? session.terminal.isTty,
      apply: flags.apply === true,
    });
  });
}

/** The model that a run was started with, reached as it was then or as the flags say now. */
async function recordedModel(
  { env }: Session,
  { agent }: Body<'run.started'>,
  flags: ModelFlags,
): Promise<Result<Model>> {
  if (agent.kind !== 'native') return { ok: true, value: noModel };
  const choice = chooseModel({ ...flagsOf(agent.why), ...flags }, env);
  if (!choice.ok) return choice;
  const model = await modelOf(choice.value, env);
  if (!model.ok || model.value.id === agent.model) return model;
  return refused('usage.invalid', `the run was started with ${agent.model}, not ${model.value.id}`);
}

interface DoubtWord {
  readonly action: string;
  readonly happened: boolean;
  readonly evidence: string;
}

function readWord(flags: Flags): Result<DoubtWord | undefined> {
  const { happened, didNotHappen, compensate, evidence } = flags;
  const said = [happened, didNotHappen, compensate].filter((action) => action !== undefined);
  const [action] = said;
  if (action === undefined) return { ok: true, value: undefined };
  if (said.length > 1) {
    return refused('usage.invalid', 'it either happened or it did not: say one thing of it');
  }
  if (evidence === undefined || evidence.trim() === '') {
    return refused('usage.invalid', 'your word needs --evidence: how you know');
  }
  return { ok: true, value: { action, happened: didNotHappen === undefined, evidence } };
}

function actionInDoubt({ driven }: HeldRun, word: DoubtWord): Digest {
  const { inDoubt } = driven.context.trajectory;
  const found = [...inDoubt].filter((action) => action.startsWith(word.action));
  const [action] = found;
  if (action === undefined || found.length > 1) {
    refuse(
      'usage.invalid',
      `no action of the run is in doubt under ${JSON.stringify(word.action)}`,
    );
  }
  return action;
}

async function settleDoubt(
  { home, env }: Session,
  { driven }: HeldRun,
  action: Digest,
  { happened, evidence }: DoubtWord,
): Promise<void> {
  const by = granted(await foundedKey(home.ownerKey, env));
  await resolveDoubt(driven.context, action, { happened, evidence, by });
}
