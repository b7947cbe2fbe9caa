import { execFile } from 'node:child_process';
import { accessSync, constants as access } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import type {
  Sandbox,
  SandboxCommand,
  SandboxLimit,
  SandboxLimits,
  SandboxOutcome,
  SandboxReport,
} from '@chancery/runtime/broker';
import { boundsFor, madeGroup, type Bounds } from './bounds.ts';
import type { ControlGroup } from './control-group/index.ts';
import { checkDoor, doorVariables } from './door.ts';
import { holdPlaces, type Held } from './held.ts';
import { launch, type Launch, type Launched } from './launch.ts';
import { defaultLimits } from './limits.ts';
import { thisMachine, type Machine } from './machine.ts';
import { environmentArguments, ownVariables, runArguments, toolchainInside } from './mount.ts';
import { checkReadable, checkWorkspace } from './place.ts';
import { brokenReport, isComplete, probeGround, reportOf } from './probe.ts';
import { unstarted } from './unstarted.ts';

export interface BubblewrapOptions {
  /** Absolute path of bubblewrap 0.8 or later; searched in the absolute folders of PATH by default. */
  readonly bwrapPath?: string;
  /** Absolute paths that no readable path may hold or lie in. The workspace may lie in one. */
  readonly hidden?: readonly string[];
  /** Those that are not given are the usual ones. */
  readonly limits?: Partial<SandboxLimits>;
}

/** Longest time that a probe may take before the sandbox counts as broken. */
const probeMs = 20_000;

interface Place {
  readonly bwrapPath: string;
  readonly machine: Machine;
  readonly bounds: Bounds;
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
  const limits = { ...defaultLimits(), ...options.limits };
  const name = JSON.stringify([path, limits]);
  const probe = (): Promise<Probed> => {
    const known = probes.get(name);
    if (known !== undefined) return known;
    const made = probeOnce(path, limits);
    probes.set(name, made);
    const forget = (): boolean => probes.delete(name);
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

async function probeOnce(bwrapPath: string, limits: SandboxLimits): Promise<Probed> {
  const version = await versionOf(bwrapPath);
  const broken = (why: string): Probed => ({
    kind: 'broken',
    report: brokenReport(version ?? ''),
    why,
  });
  if (version === undefined) return broken('bubblewrap cannot be run');
  const machine = await thisMachine();
  if (machine === undefined) return broken(`no system call filter is known for ${process.arch}`);
  const bounds = await boundsFor(limits);
  const place = { bwrapPath, machine, bounds };
  const ground = probeGround();
  try {
    const outcome = await runConfined(place, { ...probeCommand, ...ground }, []);
    if (!outcome.ok) return broken(outcome.refusal.message);
    const said = Buffer.from(outcome.value.stdout).toString();
    const report = reportOf(version, said, bounds.held);
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
  place: Place,
  command: SandboxCommand,
  hidden: readonly string[],
): Promise<Result<SandboxOutcome>> {
  const { machine, bounds } = place;
  const { workspace } = command;
  const shared = command.readable.map((path) => checkReadable(path, hidden));
  const unfit = [checkWorkspace(workspace), ...shared, checkDoor(command.door)];
  const refusal = unfit.find((found) => found !== undefined);
  if (refusal !== undefined) return { ok: false, refusal };
  const held = holdPlaces(command, toolchainInside(machine.toolchain, workspace));
  if (!held.ok) return held;
  const group = madeGroup(bounds);
  if (!group.ok) {
    held.value.release();
    return group;
  }
  try {
    const launched = await launch(launchOf(place, command, { ...held.value, group: group.value }));
    return outcomeOf(launched, group.value.reached(), held.value.strayed());
  } catch (error) {
    return unstarted(error, 'bubblewrap');
  } finally {
    held.value.release();
    await group.value.remove();
  }
}

function launchOf(
  { bwrapPath, machine, bounds }: Place,
  command: SandboxCommand,
  { protection, inPlace, group }: Pick<Held, 'protection' | 'inPlace'> & { group: ControlGroup },
): Launch {
  const { limits } = bounds;
  const environment = {
    ...command.env,
    ...doorVariables(command.door),
    ...ownVariables(machine.toolchain),
  };
  const args = [
    ...machine.system,
    ...runArguments({
      ...{ ...command, protection, inPlace },
      ...{ toolchain: machine.toolchain, scratchBytes: limits.scratchBytes },
    }),
    // Under Landlock they reach the command alone, not what starts it.
    ...environmentArguments(machine.landlock ? {} : environment),
  ];
  return {
    ...{ ...machine, bwrapPath, args, environment, command },
    folder: join(command.workspace, command.cwd),
    limits: {
      ...{ group, freeBytes: limits.freeBytes },
      ...{ rlimits: bounds.rlimits, watchedProcesses: bounds.watchedProcesses },
      landlock: machine.landlock,
      carries: command.door !== undefined,
    },
  };
}

function outcomeOf(
  launched: Launched,
  grouped: readonly SandboxLimit[],
  strayed: readonly string[],
): Result<SandboxOutcome> {
  const { ended, exitCode, cpuMs } = launched;
  const { stdout, stderr, stdoutBytes, stderrBytes, wallMs } = ended;
  const beside = strayed.length === 0 ? {} : { strayed };
  const reached = [
    ...grouped,
    ...(exitCode === fileSizeCode ? (['fileBytes'] as const) : []),
    ...(ended.ordered === 'disk' ? (['freeBytes'] as const) : []),
    ...(ended.ordered === 'processes' ? (['processes'] as const) : []),
  ];
  const seen = { stdout, stderr, stdoutBytes, stderrBytes, wallMs, cpuMs, reached, ...beside };
  const never = { timedOut: false, cancelled: false };
  // An order to end that came too late changed nothing.
  const killed = exitCode === undefined || exitCode === killedCode;
  if (ended.ordered !== undefined && killed) {
    const timedOut = ended.ordered === 'timeout';
    const cancelled = ended.ordered === 'cancellation';
    return done({ ...seen, exitCode: null, signal: 'SIGKILL', timedOut, cancelled });
  }
  if (exitCode !== undefined) return done({ ...seen, ...never, exitCode, signal: null });
  if (launched.started) {
    return done({ ...seen, ...never, exitCode: null, signal: ended.signal ?? 'SIGKILL' });
  }
  const said = Buffer.from(stderr).toString().split('\n', 1)[0] ?? '';
  return refused('sandbox.unavailable', `bubblewrap could not make the sandbox: ${said}`);
}

/** Exit code after a program that the limit of the size of files has ended. */
const fileSizeCode = 128 + constants.signals.SIGXFSZ;

/** Exit code that bubblewrap gives for a first process that SIGKILL ended. */
const killedCode = 128 + constants.signals.SIGKILL;
