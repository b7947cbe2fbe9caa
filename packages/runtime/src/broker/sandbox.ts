import type { Refusal, Result } from '@chancery/kernel/refusal';
import type { EgressDoor } from './egress.ts';

/** The ends of a command that is spoken with. What it writes is kept and counted as of any other. */
export interface CommandPipes {
  readonly write: (bytes: Uint8Array) => void;
  /** Ends its standard input. */
  readonly end: () => void;
  /** Told what it writes to standard output, as it comes. */
  readonly onOutput: (listener: (bytes: Uint8Array) => void) => void;
}

/** Told the ends of a command as soon as it is started. Whoever is done with it aborts its signal. */
export type CommandSpeaker = (pipes: CommandPipes) => void;

/** One process tree to run. */
export interface SandboxCommand {
  /** Never a shell string; a shell is named explicitly where one is wanted. */
  readonly argv: readonly string[];
  /** Absolute path of the folder that is writable inside. */
  readonly workspace: string;
  /** Working folder, relative to the workspace. */
  readonly cwd: string;
  /** Whole environment beside the sandbox's own PATH, HOME, TMPDIR, LANG. */
  readonly env: Readonly<Record<string, string>>;
  /** What it reads: this text, nothing, or what whoever speaks with it writes while it runs. */
  readonly stdin: string | null | CommandSpeaker;
  readonly timeoutMs: number;
  /** Bytes of stdout and of stderr that are kept; the rest is counted and dropped. */
  readonly outputBytes: number;
  /** Absolute paths that are readable inside as well, at the same place. */
  readonly readable: readonly string[];
  /** Paths relative to the workspace that stay read-only although the workspace is writable. */
  readonly readOnly: readonly string[];
  /** Those of them, or in them, that are writable all the same, each with all in it; none by default. */
  readonly lifted?: readonly string[] | undefined;
  /** The one way out of it, told to its programs as the proxy that they use; none by default. */
  readonly door?: Pick<EgressDoor, 'folder' | 'hasAuthorities'>;
  readonly signal: AbortSignal;
}

/** What one command may use up at most. Each holds for all of its tree, unless it says otherwise. */
export interface SandboxLimits {
  /** Files in its temporary folder included. */
  readonly memoryBytes: number;
  /** Processes and threads at one time. */
  readonly processes: number;
  /** 100 is one processor kept busy. */
  readonly cpuPercent: number;
  /** Of any one file. */
  readonly fileBytes: number;
  /** Of its temporary folder. */
  readonly scratchBytes: number;
  /** What it has to leave free on the disk of the workspace. */
  readonly freeBytes: number;
}

export type SandboxLimit = keyof SandboxLimits;

/** A limit as it holds on this machine. */
export interface HeldLimit {
  readonly limit: SandboxLimit;
  readonly most: number;
  /**
   * What holds it: `cgroup-v1`, `cgroup-v2`, `rlimit` (of memory: each process by itself), `mount`,
   * `watch` (looked at while the command runs), `nothing`.
   */
  readonly by: string;
}

export interface SandboxOutcome {
  /** Exit code, or null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  /** Bytes that were written, kept or not. */
  readonly stdoutBytes: number;
  readonly stderrBytes: number;
  readonly timedOut: boolean;
  readonly cancelled: boolean;
  /** Limits that the command ran into; one of `freeBytes` ended it. Absent: none was seen. */
  readonly reached?: readonly SandboxLimit[];
  /**
   * Protected paths beside what was lifted, at which the command made something, or replaced a link.
   * The sandbox has taken out what was made, and put back the links. Absent: none.
   */
  readonly strayed?: readonly string[];
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** What a sandbox really does on this machine; probed, never assumed. */
export interface SandboxReport {
  readonly provider: string;
  readonly version: string;
  readonly enforced: readonly string[];
  readonly missing: readonly string[];
  /** Absent where nothing is limited but time and output. */
  readonly limits?: readonly HeldLimit[];
  /** True when commands run without any confinement. */
  readonly unsafe: boolean;
}

/**
 * Runs commands confined. Nothing of the process tree is alive when `run` has resolved.
 * Refuses with `sandbox.unavailable`; a program that fails or cannot be found is an outcome.
 */
export interface Sandbox {
  probe(): Promise<SandboxReport>;
  /** Why `run` would refuse a readable path, before anything is begun that needs it. */
  checkReadable(path: string): Refusal | undefined;
  run(command: SandboxCommand): Promise<Result<SandboxOutcome>>;
}
