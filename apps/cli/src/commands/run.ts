import { resolve } from 'node:path';
import type { Command } from 'commander';
import { isFree } from '@chancery/runtime/cognition';
import { priceNow, readBranchPoint, type RunMoment } from '@chancery/runtime/drive';
import { modelOf } from '../compose/models.ts';
import { readRequest } from '../runs/beginning.ts';
import { driveToRest } from '../runs/driving.ts';
import { granted, refuse } from '../exit.ts';
import { chooseModel, priceGiven, type ModelFlags } from '../runs/model-choice.ts';
import { writing } from '../opening.ts';
import { readCount } from '../quantities.ts';
import { readOwnPolicies } from '../runs/own-policies.ts';
import { beginIn, newHouse } from '../runs/run-house.ts';
import { readTask } from '../runs/task.ts';
import { declareAuthority, type TermFlags } from '../runs/term-flags.ts';
import type { Act, CommonFlags, Session } from '../session.ts';

export interface RunFlags extends CommonFlags, ModelFlags, TermFlags {
  readonly apply?: boolean;
  readonly turns: string;
  readonly wait?: boolean;
}

interface Flags extends RunFlags {
  readonly repo: string;
  readonly allowDirty?: boolean;
}

/** What a run may be told that asks a model, wherever it begins. */
export function declareTerms(command: Command): Command {
  return declareAuthority(command)
    .option(
      '--model <provider:name>',
      'anthropic:…, openai:…, ollama:…, openai-compatible:…, scripted:FILE',
    )
    .option('--base-url <url>', "address of the provider's API")
    .option('--price <in,out>', 'micro-USD for 1,000 tokens; goes before every price table')
    .option('--turns <n>', 'how often the model may be asked', '40')
    .option('--apply', 'bring the result into your checkout when it has succeeded')
    .option('--wait', 'wait for a human where one is needed (default on a terminal)')
    .option('--no-wait', 'end with exit code 4 where a human is needed')
    .option('--verbose', 'show every entry')
    .option('--json', 'one JSON line for each entry, then one of type "result"');
}

export function declare(command: Command, act: Act): void {
  declareTerms(
    command.argument('<task>', 'what is to be done, in your words; - reads it from standard input'),
  )
    .option(
      '--repo <dir>',
      'git repository to work on: all of it, also when a folder of it is named',
      '.',
    )
    .option('--allow-dirty', 'start from the last commit although the checkout has changes')
    .addHelpText(
      'after',
      `
The work is done on a branch of its own, in a worktree; your checkout is not touched.

Examples:
  chancery run "Fix the failing test" --repo . --gate "npm test"
  chancery run "Update the parser" --model openai:gpt-5 --budget 0.50usd --time 20m
  chancery run "Try it" --model ollama:qwen3-coder
  chancery run - --repo . < task.md
  chancery run "Mend the docs" --policy docs-only.cedar
  chancery run "Play a script" --model scripted:script.json --json --no-wait`,
    )
    .action((task: string, flags: Flags) =>
      act(flags, (session) =>
        carryOut(
          session,
          { task, on: readRepository(flags.repo), allowDirty: flags.allowDirty === true },
          flags,
        ),
      ),
    );
}

/** What is to be done, and on which files. */
export interface Work {
  /** In words, or `-` where standard input holds it. */
  readonly task: string;
  /** A folder, or a moment of another run whose repository it is. */
  readonly on: string | RunMoment;
  readonly allowDirty: boolean;
}

export async function carryOut(
  session: Session,
  { task: word, on, allowDirty }: Work,
  flags: RunFlags,
): Promise<number> {
  const task = granted(await readTask(word, process.stdin));
  const turns = granted(readCount('--turns', flags.turns));
  const request = granted(readRequest({ task, turns }, flags, session.home.folder));
  const choice = granted(chooseModel(flags, session.env));
  const model = granted(await modelOf(choice, session.env));
  return writing(session.home, async (open) => {
    const at = await newHouse(session, open, { flags, request });
    const { house, narrator } = at;
    const from =
      typeof on === 'string'
        ? undefined
        : granted(await readBranchPoint(open.store, open.ledger, on));
    const repository = from?.started.workspace.repository ?? resolve(on as string);
    const pricing = { model, ...priceGiven(choice) };
    const price = granted(await priceNow(house, pricing));
    if (request.budget.costMicrousd === 0 && !isFree(price)) unaskable(model.id);
    const root = granted(await house.workspaces.rootOf(repository, from && 'recorded'));
    const policies = await readOwnPolicies(session, open, {
      files: flags.policy,
      repository: root,
    });
    const held = await beginIn(session, open, at, {
      ...{ task, repository, ...pricing, from, allowDirty, policies },
      ...{ driver: model.id, why: choice.why },
    });
    return driveToRest(session, {
      ...{ house, narrator, held },
      waitForHumans: flags.wait ?? session.terminal.isTty,
      apply: flags.apply === true,
    });
  });
}

function unaskable(model: string): never {
  return refuse('usage.invalid', `with a budget of 0 USD the model ${model} could not be asked`, {
    remedy: 'Give an amount above zero, or choose a model that costs nothing.',
  });
}

/** An unset variable of a shell would mean the present folder. */
export function readRepository(folder: string): string {
  return folder.trim() === '' ? refuse('usage.invalid', '--repo is empty') : folder;
}
