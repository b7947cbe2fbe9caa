import { spawn, type ChildProcess } from 'node:child_process';
import { Fault, refusal, RefusalError, type Refusal, type Result } from '@chancery/kernel/refusal';

/** Configuration that no repository can override: nothing that it names is ever started. */
const pinned: Readonly<Record<string, string>> = {
  'safe.directory': '*',
  'core.hooksPath': '/dev/null',
  'core.fsmonitor': 'false',
  'core.untrackedCache': 'false',
  'core.attributesFile': '/dev/null',
  'core.excludesFile': '/dev/null',
  'core.sparseCheckout': 'false',
  'core.splitIndex': 'false',
  'core.autocrlf': 'false',
  'core.quotePath': 'false',
  'core.fsync': 'committed',
  'core.pager': 'cat',
  'core.sshCommand': 'false',
  'core.askPass': 'false',
  'credential.helper': '',
  'diff.external': '',
  'protocol.allow': 'never',
  'submodule.recurse': 'false',
  'branch.autoSetupMerge': 'false',
  'commit.gpgSign': 'false',
  'gc.auto': '0',
  'maintenance.auto': 'false',
};

const environment: Readonly<Record<string, string>> = {
  HOME: '/nonexistent',
  XDG_CONFIG_HOME: '/nonexistent',
  LC_ALL: 'C',
  TZ: 'UTC',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_LITERAL_PATHSPECS: '1',
  GIT_PAGER: 'cat',
  GIT_EDITOR: 'false',
};

/** Where git works: variables such as GIT_DIR, and configuration on top of what is pinned. */
export interface GitPlace {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly config: Readonly<Record<string, string>>;
}

export interface GitRequest {
  readonly args: readonly string[];
  readonly stdin?: string | Uint8Array;
  /** Bytes of stdout that are kept; more is an error unless `cut` is set. */
  readonly outputBytes?: number;
  readonly cut?: boolean;
}

export interface GitOutcome {
  readonly exitCode: number;
  readonly stdout: Buffer;
  /** Bytes of stdout that were dropped. */
  readonly dropped: number;
  readonly stderr: string;
}

const noAccess = /permission denied|insufficient permission|read-only file system/i;
const noRoom = /no space left|disk quota exceeded|unable to write|couldn't write|write error/i;

/** A git command failed that had no reason to. */
export class GitError extends Fault {
  readonly outcome: GitOutcome;
  /** As the system's own errors have it, where git tells that there is no room. */
  readonly code: 'ENOSPC' | undefined;

  constructor(args: readonly string[], outcome: GitOutcome) {
    super(`git ${args[0] ?? ''} ended with ${outcome.exitCode}: ${outcome.stderr.trim()}`);
    this.outcome = outcome;
    this.code =
      noRoom.test(outcome.stderr) && !noAccess.test(outcome.stderr) ? 'ENOSPC' : undefined;
  }
}

const missingObject =
  /not a tree object|not a valid object|bad object|invalid object|missing (?:blob|tree|commit)|unable to read|could not read|could not parse/i;
/** What a partial clone has left away comes only without the filter that is configured for it. */
export const refetching =
  'Bring back what is missing, as by `git fetch --refetch --no-filter`, then say this again.';
const nameTaken = /already exists|cannot create/;

/** Whether a branch was not where it was said to be. */
export function hasMoved(error: unknown): boolean {
  return error instanceof GitError && error.outcome.stderr.includes('but expected');
}

/** The first line, and how many more there are. */
function shortened(words: string): string {
  const [first = '', ...more] = words.split('\n');
  return more.length === 0 ? first : `${first}, and ${more.length} more lines`;
}

/**
 * What a failure of git tells of the user's repository, where it is the user's to mend; undefined
 * otherwise. It is known by git's own words, in the language that is pinned.
 */
function repositoryRefusal(error: unknown): Refusal | undefined {
  if (!(error instanceof GitError)) return undefined;
  const words = error.outcome.stderr.trim();
  if (hasMoved(error) || words.includes(".lock': File exists")) {
    return refusal('repo.busy', `another git is at work: ${shortened(words)}`);
  }
  if (error.outcome.exitCode === signalled) {
    return refusal(
      'repo.busy',
      'git was ended by a signal while it was at work in the repository',
      {
        remedy: 'Say this again; where it names a lock file then, remove that file.',
      },
    );
  }
  if (error.code === 'ENOSPC') {
    return refusal('repo.unreadable', `no room for what git has to write: ${shortened(words)}`, {
      remedy: 'Make room on the disk of the repository, then say this again.',
    });
  }
  const isMissing = missingObject.test(words);
  if (isMissing || noAccess.test(words)) {
    return refusal('repo.unreadable', shortened(words), isMissing ? { remedy: refetching } : {});
  }
  if (nameTaken.test(words)) {
    return refusal('repo.conflict', shortened(words), {
      remedy: 'Rename or remove what has that name, then say this again.',
    });
  }
  return undefined;
}

/** Does something in the user's repository. @throws {RefusalError} where `repositoryRefusal` knows why not. */
export async function inRepository<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const known = repositoryRefusal(error);
    throw known === undefined ? error : new RefusalError(known);
  }
}

/** The same for work that answers with what it refuses. */
export async function answeredInRepository<T>(work: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await work();
  } catch (error) {
    const known = repositoryRefusal(error);
    if (known === undefined) throw error;
    return { ok: false, refusal: known };
  }
}

const defaultOutputBytes = 256 * 1024 * 1024;
const stderrBytes = 16 * 1024;

/** The environment that git gets, whole: nothing of ours is inherited but PATH. */
function gitEnvironment(place: GitPlace): Record<string, string> {
  const config = Object.entries({ ...pinned, ...place.config });
  const env: Record<string, string> = {
    ...environment,
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    ...place.env,
    GIT_CONFIG_COUNT: String(config.length),
  };
  for (const [index, [key, value]] of config.entries()) {
    env[`GIT_CONFIG_KEY_${index}`] = key;
    env[`GIT_CONFIG_VALUE_${index}`] = value;
  }
  return env;
}

/**
 * Starts git with pipes; never through a shell, and in a session of its own: what a terminal sends to
 * all of a command, such as SIGINT, does not cut off a git that is at work in the user's checkout.
 */
export function startGit(place: GitPlace, args: readonly string[]) {
  return spawn('git', args, {
    cwd: place.cwd,
    env: gitEnvironment(place),
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
}

/** Stands for any signal: 128 + 15. */
const signalled = 143;

/** Exit code of a process. */
export function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new Fault(`git cannot be started: ${error.message}`)));
    child.once('close', (code) => resolve(code ?? signalled));
  });
}

/**
 * Runs git to its end. A failing git is an outcome.
 * @throws {Fault} when git cannot be started or writes more than may be kept.
 */
export async function tryGit(place: GitPlace, request: GitRequest): Promise<GitOutcome> {
  const child = startGit(place, request.args);
  const limit = request.outputBytes ?? defaultOutputBytes;
  const kept: Buffer[] = [];
  let keptBytes = 0;
  let dropped = 0;
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const part = chunk.subarray(0, limit - keptBytes);
    kept.push(part);
    keptBytes += part.length;
    dropped += chunk.length - part.length;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    if (stderr.length < stderrBytes) stderr += chunk.toString();
  });
  // A git that ends before it has read everything says so by its exit code.
  child.stdin.on('error', () => undefined);
  child.stdin.end(request.stdin ?? '');
  const exitCode = await exitOf(child);
  if (dropped > 0 && request.cut !== true) {
    throw new Fault(`git ${request.args[0] ?? ''} wrote more than ${limit} bytes`);
  }
  return { exitCode, stdout: Buffer.concat(kept), dropped, stderr };
}

/** Runs git to its end and answers what it wrote. @throws {GitError} when it fails. */
export async function git(place: GitPlace, request: GitRequest): Promise<Buffer> {
  const outcome = await tryGit(place, request);
  if (outcome.exitCode !== 0) throw new GitError(request.args, outcome);
  return outcome.stdout;
}

/** First line of what git writes. @throws {GitError} when it fails. */
export async function gitLine(place: GitPlace, ...args: readonly string[]): Promise<string> {
  return (await git(place, { args })).toString().trimEnd();
}
