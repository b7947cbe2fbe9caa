import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { done, type Result } from '@chancery/kernel/refusal';
import type {
  Sandbox,
  SandboxCommand,
  SandboxOutcome,
  SandboxReport,
} from '@chancery/runtime/broker';
import { confinements } from './probe.ts';
import { killProcess, markedProcesses, processFacts } from './process.ts';
import { supervise, type Ended, type Supervised } from './supervision.ts';
import { unstarted } from './unstarted.ts';

const report: SandboxReport = {
  provider: 'none',
  version: '',
  enforced: [],
  missing: confinements,
  unsafe: true,
};

/** Tells a shell's times of itself and of all that it waited for. */
const wrapper = [
  'cd -- "$1" || exit 126; shift',
  'unset OLDPWD; ulimit -c 0',
  'exec 4>&2 2>/dev/null',
  '(exec "$@" 2>&4 3>&- 4>&-)',
  'status=$?; times >&3',
  'exit $status',
].join('\n');

/** Name of the variable by which a tree is found again. */
const mark = 'CHANCERY_TREE';

/**
 * Runs commands with no confinement at all: as us, on our files, on our network. It keeps the limits
 * of time and output and the clean environment. It ends the tree by process group, by descent and by
 * a mark in the environment, so that a process that hides from all three survives.
 */
export function unsafeSandbox(): Sandbox {
  // Everything is readable anyway.
  return { probe: async () => report, checkReadable: () => undefined, run: runUnconfined };
}

const neverBegun: SandboxOutcome = {
  ...{ exitCode: null, signal: null, timedOut: false, cancelled: true, wallMs: 0, cpuMs: 0 },
  ...{ stdout: new Uint8Array(), stderr: new Uint8Array(), stdoutBytes: 0, stderrBytes: 0 },
};

async function runUnconfined(command: SandboxCommand): Promise<Result<SandboxOutcome>> {
  if (command.signal.aborted) return done(neverBegun);
  const home = await mkdtemp(join(tmpdir(), 'chancery-home-'));
  try {
    return await runWithHome(command, home);
  } catch (error) {
    return unstarted(error, 'a command');
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function runWithHome(command: SandboxCommand, home: string): Promise<Result<SandboxOutcome>> {
  const marker = `${mark}=${randomUUID()}`;
  const child = start(command, home, marker);
  let times = '';
  child.stdio[3]?.on('data', (chunk: Buffer) => {
    times += chunk.toString('latin1');
  });
  /** By process, since one that is killed is found again until it is dead. */
  const leftMs = new Map<number, number>();
  let killing: NodeJS.Timeout | undefined;
  const killTree = (): number => {
    const tree = markedProcesses(marker, child.pid).filter((pid) => pid !== child.pid);
    for (const pid of tree) {
      leftMs.set(pid, processFacts(pid)?.cpuMs ?? 0);
      killProcess(pid);
    }
    return tree.length;
  };
  const ended = await supervise(child, command, {
    // The wrapper is spared: it ends by itself then, and tells what its children used. Repeated,
    // for a wrapper that has not come to start its command yet.
    kill: () => {
      killTree();
      killing = setInterval(killTree, 5);
    },
    afterEnd: async () => {
      clearInterval(killing);
      while (killTree() > 0) await sleep(2);
    },
  });
  return done(outcomeOf(ended, Math.round(sum([...leftMs.values()]) + timesMs(times))));
}

function start(command: SandboxCommand, home: string, marker: string): Supervised {
  const [name = '', value = ''] = marker.split('=');
  return spawn(
    '/bin/sh',
    ['-c', wrapper, 'sh', join(command.workspace, command.cwd), ...command.argv],
    {
      stdio: [command.stdin === null ? 'ignore' : 'pipe', 'pipe', 'pipe', 'pipe'],
      cwd: '/',
      detached: true,
      env: {
        ...command.env,
        ...{ PATH: process.env['PATH'] ?? '/usr/bin:/bin', LANG: 'C.UTF-8' },
        ...{ HOME: home, TMPDIR: home, [name]: value },
      },
    },
  ) as Supervised;
}

const sum = (amounts: readonly number[]): number => amounts.reduce((total, one) => total + one, 0);

/** Output of the shell's `times`: minutes and seconds, four of them (POSIX). */
function timesMs(text: string): number {
  return sum(
    [...text.matchAll(/(\d+)m([\d.]+)s/g)].map(
      ([, minutes, seconds]) => Number(minutes) * 60_000 + Number(seconds) * 1000,
    ),
  );
}

function outcomeOf(ended: Ended, cpuMs: number): SandboxOutcome {
  const { stdout, stderr, stdoutBytes, stderrBytes, wallMs } = ended;
  const seen = { stdout, stderr, stdoutBytes, stderrBytes, wallMs, cpuMs };
  const killed = ended.code === null || ended.code === 137;
  if (ended.ordered !== undefined && killed) {
    const timedOut = ended.ordered === 'timeout';
    return { ...seen, exitCode: null, signal: 'SIGKILL', timedOut, cancelled: !timedOut };
  }
  const { code: exitCode, signal } = ended;
  return { ...seen, exitCode, signal, timedOut: false, cancelled: false };
}
