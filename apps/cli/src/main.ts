import { Command, CommanderError } from 'commander';
import { boundHeap } from './bounded-heap.ts';
import { exitCodes, failureOf, granted, refuse, type Failure } from './exit.ts';
import { homeOf } from './home.ts';
import { refuseRepeats } from './repeatable.ts';
import { scrubOf } from './secrets/scrub.ts';
import type { Act, Session } from './session.ts';
import { openTerminal, showFailure, type Terminal } from './terminal/terminal.ts';

/** A command: loaded when it is the one that was named, so that the start costs no more. */
interface Row {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<{ readonly declare: (command: Command, act: Act) => void }>;
  /** Whether it goes through a whole ledger, however large. */
  readonly isBounded?: true;
}

const rows: readonly Row[] = [
  {
    name: 'init',
    summary: 'found a ledger: genesis, keys, default policy',
    load: () => import('./commands/init.ts'),
  },
  {
    name: 'join',
    summary: 'use a ledger that is in a database already',
    load: () => import('./commands/join.ts'),
  },
  {
    name: 'keys',
    summary: 'list, make and trust keys',
    load: () => import('./commands/keys.ts'),
  },
  {
    name: 'run',
    summary: 'have a task done on a git repository',
    load: () => import('./commands/run.ts'),
  },
  {
    name: 'mcp',
    summary: 'offer the capabilities of a run to an MCP client, as its agent',
    load: () => import('./commands/mcp.ts'),
  },
  {
    name: 'approve',
    summary: 'let a held action happen, with your signature',
    load: () => import('./commands/approve.ts'),
  },
  {
    name: 'deny',
    summary: 'keep a held action from happening, with your signature',
    load: () => import('./commands/deny.ts'),
  },
  {
    name: 'channels',
    summary: 'say whom a held action asks, and who is asked after them',
    load: () => import('./commands/channels.ts'),
  },
  {
    name: 'prices',
    summary: 'say what models cost, and from when on',
    load: () => import('./commands/prices.ts'),
  },
  {
    name: 'capability',
    summary: 'declare capabilities as signed data, list and retire them',
    load: () => import('./commands/capability.ts'),
  },
  {
    name: 'programs',
    summary: 'say what programs do, as signed data, by which commands are understood',
    load: () => import('./commands/programs.ts'),
  },
  {
    name: 'approvers',
    summary: 'let another key answer in the place of an approver, for a time',
    load: () => import('./commands/approvers.ts'),
  },
  {
    name: 'grants',
    summary: 'list, accept and revoke what was approved once and for all',
    load: () => import('./commands/grants.ts'),
  },
  {
    name: 'runs',
    summary: 'list runs, those first that wait for a human',
    load: () => import('./commands/runs.ts'),
  },
  {
    name: 'inbox',
    summary: 'list what waits for you, and how to answer',
    load: () => import('./commands/inbox.ts'),
  },
  {
    name: 'show',
    summary: 'show what happened in a run, or happens now',
    load: () => import('./commands/show.ts'),
  },
  {
    name: 'audit',
    summary: 'resolve every action of a run to its full record',
    load: () => import('./commands/audit.ts'),
  },
  {
    name: 'verify',
    summary: 'check that nothing in the ledger was tampered with',
    load: () => import('./commands/verify.ts'),
    isBounded: true,
  },
  {
    name: 'checkpoint',
    summary: 'sign the head of the ledger, to be kept elsewhere',
    load: () => import('./commands/checkpoint.ts'),
  },
  {
    name: 'timestamp',
    summary: 'have somebody else attest the time of the checkpoint, or check that',
    load: () => import('./commands/timestamp.ts'),
  },
  {
    name: 'prove',
    summary: 'prove an entry, growth or the end of a stream by the checkpoint',
    load: () => import('./commands/prove.ts'),
  },
  {
    name: 'log',
    summary: 'tell the key of the log, or serve the log to those who check it',
    load: () => import('./commands/log.ts'),
  },
  {
    name: 'anchor',
    summary: 'keep the head of the ledger at other places',
    load: () => import('./commands/anchor.ts'),
  },
  {
    name: 'witness',
    summary: 'cosign the checkpoints of the ledgers of others',
    load: () => import('./commands/witness.ts'),
  },
  {
    name: 'export',
    summary: 'write the ledger, or streams of it, into one file',
    load: () => import('./commands/export.ts'),
    isBounded: true,
  },
  {
    name: 'import',
    summary: 'verify an export and take it over',
    load: () => import('./commands/import.ts'),
    isBounded: true,
  },
  {
    name: 'replay',
    summary: 'fold a run again and compare its world',
    load: () => import('./commands/replay.ts'),
  },
  {
    name: 'snapshot',
    summary: 'sign the state of runs, so that replay begins there',
    load: () => import('./commands/snapshot.ts'),
  },
  {
    name: 'branch',
    summary: 'go on differently from a moment of a run',
    load: () => import('./commands/branch.ts'),
  },
  {
    name: 'diff',
    summary: 'compare two runs: files, intents, outcomes, spend',
    load: () => import('./commands/diff.ts'),
  },
  {
    name: 'rollback',
    summary: 'undo what a run has done, from its end back to an entry',
    load: () => import('./commands/rollback.ts'),
  },
  {
    name: 'world',
    summary: 'show or restore the state of a run at an entry',
    load: () => import('./commands/world.ts'),
  },
  {
    name: 'resume',
    summary: 'go on with a run that stopped or waited',
    load: () => import('./commands/resume.ts'),
  },
  {
    name: 'cancel',
    summary: 'end a run for good',
    load: () => import('./commands/cancel.ts'),
  },
  {
    name: 'halt',
    summary: 'end every run, or one, or what acts under a writ, and let none begin',
    load: () => import('./commands/halt.ts'),
  },
  {
    name: 'clear',
    summary: 'let runs begin and go on after a halt',
    load: () => import('./commands/clear.ts'),
  },
  {
    name: 'apply',
    summary: 'bring the result of a run into your checkout',
    load: () => import('./commands/apply.ts'),
  },
  {
    name: 'prune',
    summary: 'remove the contents of runs that have ended; their digests stay',
    load: () => import('./commands/prune.ts'),
  },
  {
    name: 'erase',
    summary: 'make all that was sealed for a subject unreadable, for good',
    load: () => import('./commands/erase.ts'),
  },
  {
    name: 'writ',
    summary: 'issue, inspect, revoke or close a writ that runs are carved out of',
    load: () => import('./commands/writ.ts'),
  },
  {
    name: 'spend',
    summary: 'show what was granted, spent and left, as the tree of writs',
    load: () => import('./commands/spend.ts'),
  },
  {
    name: 'routing-feedback',
    summary: 'tell routers what became of the proposals that they chose',
    load: () => import('./commands/routing-feedback.ts'),
  },
  {
    name: 'commands',
    summary: 'tell how many commands were understood, and which were not',
    load: () => import('./commands/commands.ts'),
  },
  {
    name: 'policy',
    summary: 'write, test, explain and activate the policies that decide',
    load: () => import('./commands/policy.ts'),
  },
  {
    name: 'vault',
    summary: 'keep secrets, and lend them to single commands of a run',
    load: () => import('./commands/vault.ts'),
  },
  {
    name: 'notify',
    summary: 'tell programs and services of what waits for a human, and of what has ended',
    load: () => import('./commands/notify.ts'),
  },
  {
    name: 'doctor',
    summary: 'look at everything that a run needs here',
    load: () => import('./commands/doctor.ts'),
  },
  {
    name: 'demo',
    summary: 'watch a governed run from its task to its proof',
    load: () => import('./commands/demo.ts'),
  },
];

const version = '0.1.0';

async function main(words: readonly string[]): Promise<number> {
  const { stdout, stderr, env } = process;
  const terminal = openTerminal({ stdout, stderr, env, scrub: await scrubOf(env) });
  const json = words.includes('--json');
  try {
    return await perform({ terminal, env, json }, words);
  } catch (error) {
    const failure = failureFor(error);
    if (failure === undefined) return exitCodes.ok;
    showFailure(terminal, failure, json);
    if (env['CHANCERY_DEBUG'] === '1') terminal.note(stackOf(error));
    return failure.exit;
  }
}

/** Parses the words and does what they say. */
async function perform(outer: Omit<Session, 'home'>, words: readonly string[]): Promise<number> {
  let exit: number = exitCodes.ok;
  const act: Act = async (_flags, work) => {
    exit = await work({ ...outer, home: granted(homeOf(outer.env)) });
  };
  const program = programOn(outer.terminal);
  const named = words.find((word) => !word.startsWith('-') && word !== 'help');
  for (const { name, summary, load, isBounded } of rows) {
    const command = program.command(name).description(summary);
    if (name !== named) continue;
    if (isBounded) boundHeap();
    (await load()).declare(command, act);
  }
  if (words.length === 0) {
    outer.terminal.line(program.helpInformation().trimEnd());
    return exit;
  }
  refuseRepeats(program);
  await program.parseAsync([...words], { from: 'user' });
  return exit;
}

function programOn(terminal: Terminal): Command {
  return new Command('chancery')
    .description('A governed execution runtime for AI agents.')
    .version(version, '-V, --version')
    .configureHelp({ sortSubcommands: false })
    .configureOutput({
      writeOut: (text) => terminal.line(text.trimEnd()),
      // What it says of errors is told by the failure that it throws.
      writeErr: () => undefined,
      outputError: () => undefined,
    })
    .showHelpAfterError(false)
    .exitOverride()
    .addHelpText(
      'after',
      `
Environment:
  CHANCERY_HOME    folder of ledger and keys (default ~/.chancery)
  CHANCERY_DATABASE_URL  address of the PostgreSQL that holds the ledger, where init --database said so
  CHANCERY_PASSPHRASE_FILE        file (mode 600) with the passphrase of your key
  CHANCERY_VAULT_PASSPHRASE_FILE  file (mode 600) with the passphrase of the vault
  NO_COLOR         no colours; FORCE_COLOR=1 for colours in a pipe
  CHANCERY_DEBUG   1 shows where a fault happened

Exit codes: 0 ok, 1 failed, 2 usage, 3 rejected, 4 waits for a human, 5 cancelled,
6 over budget, 7 tampered, 8 conflict, 70 internal fault.`,
    );
}

/** How an error is shown; undefined for what is none: help and version. */
function failureFor(error: unknown): Failure | undefined {
  if (!(error instanceof CommanderError)) return failureOf(error);
  if (error.exitCode === 0) return undefined;
  // Help was asked for what is not there: commander has no words for it.
  const unknown = error.code === 'commander.help' ? 'there is no such command' : error.message;
  try {
    return refuse('usage.invalid', unknown.replace(/^error: /, '').replaceAll('\n', ' '));
  } catch (refused) {
    return failureOf(refused);
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

process.exitCode = await main(process.argv.slice(2));
