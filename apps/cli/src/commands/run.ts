import { resolve } from 'node:path';
import { type Command } from 'commander';
import { isFree } from '@chancery/runtime/cognition';
import { type Amounts } from '@chancery/kernel/account';
import { type Digest } from '@chancery/kernel/encoding';
import { refused, type Result } from '@chancery/kernel/refusal';
import { type SandboxLimits } from '@chancery/runtime/broker';
import {
  authoriseDirectly,
  authoriseUnder,
  leftOf,
  priceNow,
  readBranchPoint,
  startRun,
  type BranchPoint,
  type HeldRun,
  type House,
  type RunMoment,
} from '@chancery/runtime/drive';
import { type Contract } from '@chancery/kernel/contract';
import { Authority } from '@chancery/runtime/authority';
import { isClear, offeredContracts } from '../compose/capabilities.ts';
import { declaredContracts } from '../compose/declared.ts';
import { foundedKey } from '../compose/keys.ts';
import { lendingVault } from '../compose/vault.ts';
import { modelOf } from '../compose/models.ts';
import { driveToRest } from '../runs/driving.ts';
import { granted, refuse } from '../exit.ts';
import { wholeRedactor } from '../guarding.ts';
import { chooseModel, priceGiven, type ModelFlags } from '../runs/model-choice.ts';
import { Narrator } from '../runs/narrator.ts';
import { houseOn, writing, type OpenLedger } from '../opening.ts';
import { readBudget, readCount, readDuration } from '../quantities.ts';
import { readSubject } from '../evidence/removing.ts';
import { readBelonging } from '../runs/belonging.ts';
import { readLimits, type LimitFlags } from '../runs/command-limits.ts';
import { readGate, readHost, readProtected, readShared } from '../runs/run-paths.ts';
import { budgetUnder, defaultProtectedPaths, showTerms, termsOf } from '../runs/run-terms.ts';
import { more } from '../repeatable.ts';
import { type Act, type CommonFlags, type Session } from '../session.ts';
import { visible } from '../terminal/visible.ts';
import { loadWrit } from '../authority/writ-file.ts';

export interface RunFlags extends CommonFlags, ModelFlags, LimitFlags {
  readonly writ?: string;
  readonly budget: readonly string[];
  readonly gate: readonly string[];
  readonly protect: readonly string[];
  readonly share: readonly string[];
  readonly allowHost: readonly string[];
  readonly allowCapability: readonly string[];
  readonly apply?: boolean;
  readonly turns: string;
  readonly time: string;
  readonly subject?: string;
  readonly initiative?: string;
  readonly plan?: string;
  readonly unlockVault?: boolean;
  readonly wait?: boolean;
  readonly verbose?: boolean;
  /** False with --unsafe-no-sandbox. */
  readonly unsafeNoSandbox?: boolean;
}

interface Flags extends RunFlags {
  readonly repo: string;
  readonly allowDirty?: boolean;
}

/** Whose secrets of the vault the run may be lent. */
function declareSecrets(command: Command): Command {
  return command
    .option('--initiative <name>', 'what the run belongs to; it may be lent the secrets of that')
    .option('--plan <name>', 'likewise, of a plan')
    .option('--unlock-vault', 'ask for the passphrase of the vault, so that secrets can be lent');
}

/** What each command of the run may use up. */
function declareLimits(command: Command): Command {
  return command
    .option('--memory <size>', 'of one command, such as 512m, 4g (default: 8g, or half of all)')
    .option('--processes <n>', 'of one command at one time, threads included (default: 2048)')
    .option('--cpus <n>', 'that one command keeps busy, such as 0.5, 2 (default: all)');
}

/** What a run may be told, wherever it begins. */
export function declareTerms(command: Command): Command {
  return declareLimits(declareSecrets(command))
    .option(
      '--model <provider:name>',
      'anthropic:…, openai:…, ollama:…, openai-compatible:…, scripted:FILE',
    )
    .option('--base-url <url>', "address of the provider's API")
    .option('--price <in,out>', 'micro-USD for 1,000 tokens; goes before every price table')
    .option(
      '--writ <file>',
      'carve the run out of this writ (chancery writ issue) instead of issuing one with your key',
    )
    .option(
      '--budget <amount>',
      'such as 2usd, 500000tokens, 100calls, 2hcpu, 10000bytes; repeatable (default: 2usd, or all that --writ has left)',
      more,
      [],
    )
    .option(
      '--gate <command>',
      'command that has to end with 0 on the result; repeatable',
      more,
      [],
    )
    .option('--turns <n>', 'how often the model may be asked', '40')
    .option('--time <duration>', 'how long it may work, waiting not counted, such as 30m', '1h')
    .option(
      '--protect <glob>',
      'hold changes of these files for a human as well; repeatable',
      more,
      [],
    )
    .option(
      '--share <path>',
      'let commands read this path outside the repository; repeatable',
      more,
      [],
    )
    .option(
      '--allow-host <host>',
      'let it ask this host over HTTP (http.fetch), as policy permits; *.HOST for those below; repeatable',
      more,
      [],
    )
    .option(
      '--allow-capability <name>',
      'offer it this capability that a manifest declares, as policy permits; repeatable',
      more,
      [],
    )
    .option('--subject <name>', 'seal task and contents with a key of this subject, to be erasable')
    .option('--apply', 'bring the result into your checkout when it has succeeded')
    .option('--wait', 'wait for a human where one is needed (default on a terminal)')
    .option('--no-wait', 'end with exit code 4 where a human is needed')
    .option(
      '--unsafe-no-sandbox',
      'run commands without any confinement, where the policy permits it',
    )
    .option('--verbose', 'show every entry')
    .option('--json', 'one JSON line for each entry, then one of type "result"');
}

export function declare(command: Command, act: Act): void {
  declareTerms(command.argument('<task>', 'what is to be done, in your words'))
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
  readonly task: string;
  /** A folder, or a moment of another run whose repository it is. */
  readonly on: string | RunMoment;
  readonly allowDirty: boolean;
}

export async function carryOut(
  session: Session,
  { task, on, allowDirty }: Work,
  flags: RunFlags,
): Promise<number> {
  const request = granted(readRequest(task, flags, session.home.folder));
  const choice = granted(chooseModel(flags, session.env));
  const model = granted(await modelOf(choice, session.env));
  return writing(session.home, async (open) => {
    const narrator = new Narrator(session, open.store, {
      all: flags.verbose === true,
      live: true,
      keys: open.keys,
    });
    const unsafe = flags.unsafeNoSandbox === true;
    const vault = await lendingVault(session, flags.unlockVault === true);
    const declared = await declaredFor(open, flags);
    const house = await houseOn(session, open, {
      goesOn: undefined,
      network: request.hosts.length > 0,
      ...{ unsafe, commandLimits: request.commandLimits, declared: [...declared.keys()] },
      ...{ vault, redactor: await wholeRedactor(session, vault) },
      onEntry: narrator.tell,
    });
    const { limits, readable, gates, belonging } = request;
    const protectedPaths = [...new Set([...defaultProtectedPaths, ...request.protect])];
    const from =
      typeof on === 'string'
        ? undefined
        : granted(await readBranchPoint(open.store, open.ledger, on));
    const repository = from?.started.workspace.repository ?? resolve(on as string);
    const pricing = { model, ...priceGiven(choice) };
    const price = granted(await priceNow(house, pricing));
    if (request.budget.costMicrousd === 0 && !isFree(price)) {
      refuse('usage.invalid', `with a budget of 0 USD the model ${model.id} could not be asked`, {
        remedy: 'Give an amount above zero, or choose a model that costs nothing.',
      });
    }
    const root = granted(await house.workspaces.rootOf(repository));
    const sandbox = await house.sandbox.probe();
    await warnOfGates(session, gates);
    const shown = { task, from, repository, root, gates, protectedPaths, readable, sandbox };
    const subject = subjectKeyOf(open, flags.subject, from);
    const begun = begin(async () => {
      const asking = { ...request, writ: flags.writ, unsafe, declared };
      const authorised = granted(await authorise(session, house, asking));
      const said = house.redactor.redactText(task).value;
      const terms = authorised.writ.writ;
      narrator.preparing();
      return startRun(house, {
        onFit: (price) => {
          narrator.prepared();
          showTerms(session, { ...shown, task: said, model: model.id, price, terms });
        },
        ...{ task, repository, ...pricing, authorised, gates, limits, protectedPaths, readable },
        ...(subject === undefined ? {} : { subject }),
        ...belonging,
        why: choice.why,
        ...(from === undefined ? {} : { from }),
        allowDirty,
        riskThreshold: 'high',
      });
    });
    return driveToRest(session, {
      ...{ house, narrator, held: await begun.finally(narrator.prepared) },
      waitForHumans: flags.wait ?? session.terminal.isTty,
      apply: flags.apply === true,
    });
  });
}

/** What policy holds of a gate, it holds at the end of the work; whoever typed it can mend it now. */
async function warnOfGates({ terminal, json }: Session, gates: readonly string[]): Promise<void> {
  for (const gate of gates) {
    if (json || (await isClear(gate))) continue;
    terminal.note(`gate ${visible(gate)}: not every program in it stands there by name.`);
    terminal.note('A human will be asked before it runs, as the default policy has it.');
  }
}

/** An unset variable of a shell would mean the present folder. */
function readRepository(folder: string): string {
  return folder.trim() === '' ? refuse('usage.invalid', '--repo is empty') : folder;
}

/** The key of a subject, made where it is the first run of the subject. */
function subjectKeyOf(
  { keys }: OpenLedger,
  subject: string | undefined,
  from: BranchPoint | undefined,
): Digest | undefined {
  const inherited = from?.started.subject?.key;
  if (subject === undefined) return inherited;
  const own = granted(keys.ensure(granted(readSubject(subject))));
  if (from === undefined || inherited === own) return own;
  return refuse(
    'usage.invalid',
    `--subject ${subject} is not that of the run that it goes on from`,
    {
      remedy: 'Leave it out: what comes from contents of a subject stays with the subject.',
    },
  );
}

/** How often a run is begun anew because another was carved out of the same writ meanwhile. */
const maxBeginnings = 16;

/** Begins a run; where the writ that it is carved out of has changed, out of what it is now. */
async function begin(attempt: () => Promise<Result<HeldRun>>): Promise<HeldRun> {
  for (let left = maxBeginnings; left > 1; left -= 1) {
    const started = await attempt();
    if (started.ok) return started.value;
    if (started.refusal.code !== 'ledger.conflict') return granted(started);
  }
  return granted(await attempt());
}

interface Authorising extends Pick<Request, 'budget' | 'limits' | 'hosts'> {
  readonly writ: string | undefined;
  readonly unsafe: boolean;
  /** What a manifest declares of what it is offered. */
  readonly declared: ReadonlyMap<string, Contract>;
}

/**
 * What manifests declare of what a run is offered: what is named, and what its writ grants by name.
 * Refuses `manifest.unknown`.
 */
async function declaredFor(
  { store, ledger }: OpenLedger,
  { allowCapability, writ }: RunFlags,
): Promise<ReadonlyMap<string, Contract>> {
  const { manifests } = await new Authority(store, ledger).policies();
  const all = declaredContracts(manifests);
  const unknown = allowCapability.find((name) => !all.has(name));
  if (unknown !== undefined) {
    refuse('manifest.unknown', `--allow-capability: no manifest declares ${visible(unknown)}`);
  }
  const grants = writ === undefined ? [] : granted(loadWrit(writ)).writ.grants;
  const named = new Set([...allowCapability, ...grants.map(({ capability }) => capability)]);
  return new Map([...all].filter(([name]) => named.has(name)));
}

async function authorise({ home, env }: Session, house: House, asking: Authorising) {
  const { writ, limits, unsafe, hosts, declared } = asking;
  const offered = new Map([...(await offeredContracts()), ...declared]);
  const nowMs = house.clock.nowMs();
  if (writ !== undefined) {
    const parent = granted(loadWrit(writ));
    const under = granted(budgetUnder(asking.budget, await leftOf(house, parent)));
    return authoriseUnder(house, parent, termsOf(offered, { budget: under, nowMs, unsafe, hosts }));
  }
  // An action reserves its own time limit, which may be more than the run has left.
  const budget = { wallMs: Math.max(limits.wallMs, leastWallMs), ...asking.budget };
  const owner = granted(await foundedKey(home.ownerKey, env));
  return authoriseDirectly(house, owner, termsOf(offered, { budget, nowMs, unsafe, hosts }));
}

interface Request {
  readonly budget: Partial<Amounts>;
  readonly limits: Parameters<typeof startRun>[1]['limits'];
  readonly readable: readonly string[];
  readonly protect: readonly string[];
  readonly gates: readonly string[];
  readonly hosts: readonly string[];
  readonly commandLimits: Partial<SandboxLimits>;
  readonly belonging: Pick<Parameters<typeof startRun>[1], 'initiative' | 'plan'>;
}

/** Tokens that one answer may have, repeats of a failed call, and time that a human has to answer. */
const fixedLimits = { outputTokens: 8_192, retries: 4, approvalMs: 24 * 3_600_000 };

/** Least time of all actions together, whatever the time of the run. */
const leastWallMs = 3_600_000;

function readRequest(task: string, flags: RunFlags, home: string): Result<Request> {
  if (task.trim() === '') return refused('usage.invalid', 'the task is empty');
  if (!task.isWellFormed()) return refused('usage.invalid', 'the task is no well-formed text');
  const budget = readBudget(flags.budget);
  if (!budget.ok) return budget;
  const turns = readCount('--turns', flags.turns);
  if (!turns.ok) return turns;
  const time = readDuration(flags.time);
  if (!time.ok) return time;
  const belonging = readBelonging(flags);
  if (!belonging.ok) return belonging;
  const commandLimits = readLimits(flags);
  if (!commandLimits.ok) return commandLimits;
  const wallMs = time.value;
  return {
    ok: true,
    value: {
      budget: budget.value,
      limits: { ...fixedLimits, turns: turns.value, wallMs },
      readable: flags.share.map((path) => granted(readShared(path, home))),
      protect: flags.protect.map((glob) => granted(readProtected(glob))),
      gates: flags.gate.map((command) => granted(readGate(command))),
      hosts: flags.allowHost.map((host) => granted(readHost(host))),
      commandLimits: commandLimits.value,
      belonging: belonging.value,
    },
  };
}
