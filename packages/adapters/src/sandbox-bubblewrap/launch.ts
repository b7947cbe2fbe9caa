import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { assert } from '@chancery/kernel/refusal';
import type { SandboxCommand } from '@chancery/runtime/broker';
import { fileContent, withOpen, type Content } from './content.ts';
import { diskWatch } from './disk.ts';
import { inheritedDescriptors } from './descriptor.ts';
import type { ControlGroup } from './control-group/index.ts';
import { given, initScript, type InitPlan } from './init.ts';
import { cpuMsBelow, hasMoreTasks, killProcess, processFacts } from './process.ts';
import {
  guardOf,
  supervise,
  type Ended,
  type Guard,
  type Supervised,
  type Watch,
} from './supervision.ts';

/** Descriptors of bubblewrap; all above those of the first process are closed before that runs. */
const descriptor = { ...given, args: 8, status: 9, filter: 10, files: 11 };

const nullDevice = fileContent('/dev/null');

export interface Launch {
  readonly bwrapPath: string;
  /** Arguments of bubblewrap beside those that name descriptors. */
  readonly args: readonly string[];
  readonly filter: Content;
  /** Files to be copied into the sandbox, by their place in it. */
  readonly files: ReadonlyMap<string, Content>;
  /** All variables of the command; read under Landlock alone. */
  readonly environment: Readonly<Record<string, string>>;
  readonly limits: Omit<InitPlan, 'doors'> & {
    readonly group: ControlGroup;
    /** What has to be left free on the disk of the workspace. */
    readonly freeBytes: number;
    /** Where the kernel does not count processes: how many there may be; null: it does. */
    readonly watchedProcesses: number | null;
  };
  /** Absolute path inside. */
  readonly folder: string;
  readonly command: Pick<
    SandboxCommand,
    'argv' | 'workspace' | 'stdin' | 'timeoutMs' | 'outputBytes' | 'signal'
  >;
}

export interface Launched {
  readonly ended: Ended;
  /** Whether the command was let go; false: bubblewrap could not make the sandbox. */
  readonly started: boolean;
  /** As bubblewrap reports it: 128 + the number of the signal for a process that one ended. */
  readonly exitCode: number | undefined;
  /** Of the whole tree, with bubblewrap's own work. */
  readonly cpuMs: number;
}

/**
 * Runs bubblewrap. When it has ended, every process of the tree is dead.
 * Rejects as `supervise` does.
 */
export async function launch(plan: Launch): Promise<Launched> {
  const child = start(plan);
  const state: Watched = {
    ...{ init: undefined, doomed: false, started: false, exitCode: undefined },
    ...{ waitedMs: 0, leftMs: 0 },
  };
  const guard = guardOf(child);
  watchStatus(child, state, guard);
  answer(child, state, guard);
  const ended = await supervise(child, plan.command, {
    ...{ watch: watchOf(plan, state), guard },
    kill: () => {
      state.doomed = true;
      accountForLeft(state);
      // One order can end many trees. All of them are looked at before the first is killed: it takes
      // many times as long while the kernel takes others apart.
      setImmediate(() => guard.run(() => killInit(child, state)));
    },
    afterEnd: () => initGone(state),
  });
  const { started, exitCode, waitedMs, leftMs } = state;
  return { ended, started, exitCode, cpuMs: waitedMs + leftMs };
}

/** Between two looks at the disk: what a program writes to a fast one in that time is bearable. */
const diskLookMs = 100;

/** Between two looks at processes, where a look is short. */
const processLookMs = 10;

function watchOf({ command, limits }: Launch, state: Watched): Watch {
  const { watchedProcesses: most, freeBytes } = limits;
  const isDiskShort = diskWatch(command.workspace, freeBytes);
  const areTooMany = (): boolean =>
    most !== null && state.init !== undefined && hasMoreTasks(state.init.pid, most);
  return {
    lookMs: most === null ? diskLookMs : processLookMs,
    overrun: () => (areTooMany() ? 'processes' : isDiskShort() ? 'disk' : undefined),
  };
}

interface Watched {
  init: { readonly pid: number; readonly startedAt: number } | undefined;
  doomed: boolean;
  started: boolean;
  exitCode: number | undefined;
  /** Processor time of bubblewrap and of all that was waited for. */
  waitedMs: number;
  /** Of what was left running until the end; the kernel accounts that to nobody. */
  leftMs: number;
}

function start(plan: Launch): Supervised {
  const { group } = plan.limits;
  const places = [...plan.files.keys()];
  const words = [
    ...places.flatMap((path, index) => [
      ...['--perms', '0444', '--file', String(descriptor.files + index), path],
    ]),
    ...plan.args,
  ];
  assert(
    [...words, ...plan.command.argv, ...Object.values(plan.environment)].every(
      (word) => !word.includes('\0'),
    ),
    'an argument of the sandbox holds a NUL byte',
  );
  const argv = [
    ...['--args', String(descriptor.args), '--seccomp', String(descriptor.filter)],
    ...['--json-status-fd', String(descriptor.status)],
    ...['--', '/bin/sh', '-c', initScript({ ...plan.limits, doors: group.doors.length }), 'sh'],
    ...[plan.folder, plan.command.workspace, ...plan.command.argv],
  ];
  const contents = [nullDevice, plan.filter, ...plan.files.values()];
  const child = withOpen(contents, ([empty = 0, ...opened]) =>
    spawn(plan.bwrapPath, argv, {
      stdio: channels(plan, opened, empty),
      cwd: '/',
      // A signal of the terminal is for us alone; we end the tree.
      detached: true,
      env: {},
    }),
  );
  const ended = (text: string): string => `${text}\0`;
  channel(child, descriptor.args).end(words.map(ended).join(''));
  const variables = Object.entries(plan.environment).map(([name, value]) => `${name}=${value}`);
  channel(child, descriptor.environment).end(variables.map(ended).join(''));
  assert(child.stdout !== null && child.stderr !== null, 'the output of a child is not piped');
  return child as Supervised;
}

/** Covers every inherited descriptor, by one of our own or by /dev/null. */
function channels(
  { command, limits }: Launch,
  opened: readonly number[],
  empty: number,
): StdioOptions {
  const { doors } = limits.group;
  const own: StdioOptions = [
    ...([command.stdin === null ? 'ignore' : 'pipe', 'pipe', 'pipe'] as const),
    ...(['pipe', 'pipe'] as const),
    ...descriptor.doors.map((_, index) => doors[index] ?? ('ignore' as const)),
    ...(['pipe', 'pipe'] as const),
    ...opened,
  ];
  const inherited = inheritedDescriptors();
  const size = Math.max(own.length, ...inherited.map((number) => number + 1));
  const covers = Array.from({ length: size - own.length }, (_, index) =>
    inherited.includes(own.length + index) ? empty : ('ignore' as const),
  );
  return [...own, ...covers];
}

function channel(child: ChildProcess, number: number): Duplex {
  const stream = child.stdio[number];
  assert(stream instanceof Duplex, 'a channel of a child is not piped');
  // bubblewrap that ends early leaves data unread; how it ended says more.
  stream.on('error', () => stream.destroy());
  return stream;
}

/** Lets the command go when its first process is ready, and that process end when it is done. */
function answer(child: ChildProcess, state: Watched, guard: Guard): void {
  const control = channel(child, descriptor.control);
  control.on('data', () => {
    if (state.doomed) return;
    if (state.started) guard.run(() => accountForLeft(state));
    state.started = true;
    control.write('go\n');
  });
}

function accountForLeft(state: Watched): void {
  if (state.init !== undefined) state.leftMs = cpuMsBelow(state.init.pid);
}

function watchStatus(child: ChildProcess, state: Watched, guard: Guard): void {
  let text = '';
  channel(child, descriptor.status).on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) guard.run(() => readStatus(child, state, line));
  });
}

/** One line of `--json-status-fd`. */
function readStatus(child: ChildProcess, state: Watched, line: string): void {
  const report = JSON.parse(line) as Partial<Record<'child-pid' | 'exit-code', number>>;
  const pid = report['child-pid'];
  if (pid !== undefined) {
    const facts = processFacts(pid);
    if (facts !== undefined) state.init = { pid, startedAt: facts.startedAt };
    if (state.doomed) {
      accountForLeft(state);
      killInit(child, state);
    }
  }
  if (report['exit-code'] === undefined) return;
  state.exitCode = report['exit-code'];
  // bubblewrap has waited for the tree and is about to end, or has ended: it is not reaped before
  // this callback returns, so that its entry still holds the times of all its descendants.
  if (child.pid !== undefined) state.waitedMs = processFacts(child.pid)?.cpuMs ?? 0;
}

/** The kernel kills a whole pid namespace, and waits for its end, when its first process dies. */
function killInit(child: ChildProcess, state: Watched): void {
  if (state.init === undefined || state.exitCode !== undefined) return;
  // The number may belong to somebody else once bubblewrap has waited for it.
  if (processFacts(state.init.pid)?.parent !== child.pid) return;
  killProcess(state.init.pid);
}

/** After bubblewrap itself was killed: its death kills the tree, but is not waited for by anybody. */
async function initGone(state: Watched): Promise<void> {
  const { init, exitCode } = state;
  if (init === undefined || exitCode !== undefined) return;
  const lives = (): boolean => {
    const facts = processFacts(init.pid);
    return facts !== undefined && !facts.isDead && facts.startedAt === init.startedAt;
  };
  while (lives()) await sleep(2);
}
