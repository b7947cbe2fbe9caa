import { execFile } from 'node:child_process';
import { accessSync, constants as access } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import {
  type Sandbox,
  type SandboxCommand,
  type SandboxOutcome,
  type SandboxReport,
} from '@chancery/runtime/broker';
import { launch, type Launched } from './launch.ts';
import { thisMachine, type Machine } from './machine.ts';
import { environmentArguments, runArguments, toolchainInside } from './mount.ts';
import { checkReadable, checkWorkspace } from './place.ts';
import { brokenReport, isComplete, probeGround, reportOf } from './probe.ts';
import { protect } from './protection.ts';
import { isSpawnError } from './supervision.ts';

export interface BubblewrapOptions {
  /** Absolute path of bubblewrap 0.8 or later; searched in the absolute folders of PATH by default. */
  readonly bwrapPath?: string;
  /** Absolute paths that no readable path may hold or lie in. The workspace may lie in one. */
  readonly hidden?: readonly string[];
}

/** Longest time that a probe may take before the sandbox counts as broken. */
const probeMs = 20_000;

interface Place {
  readonly bwrapPath: string;
  readonly machine: Machine;
}

type Probed =
  | { readonly kind: 'usable'; readonly report: SandboxReport; readonly place: Place }
  | { readonly kind: 'broken'; readonly report: SandboxReport; readonly why: string };

/** Probes that found everything enforced; others are made again, in case somebody repaired it. */
const probes = new Map<string, Promise<Probed>>();

/**
 * Runs commands in bubblewrap (user, pid, network, ipc, uts, cgroup and mount namespaces, a seccomp
 * filter, no capability); the README tells what is guaranteed and what is not.
 * A refusal is always `sandbox.unavailable` and nothing was run. An exit code above 128 may be the
 * number of a signal + 128, as in a shell: bubblewrap does not tell these apart, and `signal` is
 * given only when the tree was killed. `cpuMs` is what the kernel accounts to the whole tree, in
 * steps of 10 ms, the making of the sandbox included.
 */
export function bubblewrapSandbox(options: BubblewrapOptions = {}): Sandbox {
  const path = options.bwrapPath ?? findBubblewrap();
  const hidden = options.hidden ?? [];
  const probe = (): Promise<Probed> => {
    const known = probes.get(path);
    if (known !== undefined) return known;
    const made = probeOnce(path);
    probes.set(path, made);
    const forget = (): boolean => probes.delete(path);
    void made.then(({ kind }) => kind === 'broken' && forget(), forget);
    return made;
  };
  return {
    probe: async () => (await probe()).report,
    checkReadable: (path) => checkReadable(path, hidden),
    run: async (command) => {
      const probed = await probe();
      return probed.kind === 'usable'
        ? runConfined(probed.place, command, hidden)
        : refused('sandbox.unavailable', probed.why);
    },
  };
}

function findBubblewrap(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(isAbsolute);
  const found = [...folders, '/usr/bin', '/usr/local/bin']
    .map((folder) => join(folder, 'bwrap'))
    .find(isExecutable);
  return found ?? '/usr/bin/bwrap';
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, access.X_OK);
    return true;
  } catch {
    // Absent or not ours to run: either way not the one.
    return false;
  }
}

async function probeOnce(bwrapPath: string): Promise<Probed> {
  const version = await versionOf(bwrapPath);
  const broken = (why: string): Probed => ({
    kind: 'broken',
    report: brokenReport(version ?? ''),
    why,
  });
  if (version === undefined) return broken('bubblewrap cannot be run');
  const machine = thisMachine();
  if (machine === undefined) return broken(`no system call filter is known for ${process.arch}`);
  const place = { bwrapPath, machine };
  const ground = probeGround();
  try {
    const outcome = await runConfined(place, { ...probeCommand, ...ground }, []);
    if (!outcome.ok) return broken(outcome.refusal.message);
    const report = reportOf(version, Buffer.from(outcome.value.stdout).toString());
    if (isComplete(report)) return { kind: 'usable', report, place };
    return { kind: 'broken', report, why: `not enforced here: ${report.missing.join(', ')}` };
  } finally {
    ground.remove();
  }
}

const probeCommand = {
  cwd: '',
  env: {},
  stdin: null,
  timeoutMs: probeMs,
  outputBytes: 65_536,
  readable: [],
  signal: new AbortController().signal,
};

/** Undefined when it cannot be run at all. */
async function versionOf(bwrapPath: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(bwrapPath, ['--version'], { timeout: probeMs });
    return /\d+(\.\d+)+/.exec(stdout)?.[0];
  } catch {
    // Missing, not executable, or failing: in each case there is no bubblewrap to speak of.
    return undefined;
  }
}

async function runConfined(
  { bwrapPath, machine }: Place,
  command: SandboxCommand,
  hidden: readonly string[],
): Promise<Result<SandboxOutcome>> {
  const { workspace } = command;
  const shared = command.readable.map((path) => checkReadable(path, hidden));
  const unfit = [checkWorkspace(workspace), ...shared];
  const refusal = unfit.find((found) => found !== undefined);
  if (refusal !== undefined) return { ok: false, refusal };
  const own = toolchainInside(machine.toolchain, workspace);
  const protection = protect(workspace, ['.git', ...command.readOnly, ...own]);
  if (!protection.ok) return protection;
  const args = [
    ...machine.system,
    ...runArguments({ ...command, protection: protection.value, toolchain: machine.toolchain }),
    ...environmentArguments(command.env, machine.toolchain),
  ];
  try {
    const folder = join(workspace, command.cwd);
    return outcomeOf(await launch({ ...machine, bwrapPath, args, folder, command }));
  } catch (error) {
    if (!isSpawnError(error)) throw error;
    return refused('sandbox.unavailable', `bubblewrap could not be started: ${error.message}`);
  } finally {
    protection.value.release();
  }
}

function outcomeOf(launched: Launched): Result<SandboxOutcome> {
  const { ended, exitCode, cpuMs } = launched;
  const { stdout, stderr, stdoutBytes, stderrBytes, wallMs } = ended;
  const seen = { stdout, stderr, stdoutBytes, stderrBytes, wallMs, cpuMs };
  const never = { timedOut: false, cancelled: false };
  // An order to end that came too late changed nothing.
  const killed = exitCode === undefined || exitCode === killedCode;
  if (ended.ordered !== undefined && killed) {
    const timedOut = ended.ordered === 'timeout';
    return done({ ...seen, exitCode: null, signal: 'SIGKILL', timedOut, cancelled: !timedOut });
  }
  if (exitCode !== undefined) return done({ ...seen, ...never, exitCode, signal: null });
  if (launched.started) {
    return done({ ...seen, ...never, exitCode: null, signal: ended.signal ?? 'SIGKILL' });
  }
  const said = Buffer.from(stderr).toString().split('\n', 1)[0] ?? '';
  return refused('sandbox.unavailable', `bubblewrap could not make the sandbox: ${said}`);
}

/** Exit code that bubblewrap gives for a first process that SIGKILL ended. */
const killedCode = 128 + constants.signals.SIGKILL;
