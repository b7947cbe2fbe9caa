import { exitOf, GitError, startGit, type GitPlace } from './git.ts';

export interface Move {
  readonly head: string;
  readonly target: string;
}

/** A move of HEAD that can be made: nobody else can move it, or the branch it names, until it has ended. */
export interface PreparedMove {
  /** Makes it. @throws {GitError} where that cannot be written. */
  readonly commit: () => Promise<void>;
  /** Lets go; unless it was made, HEAD is where it was. */
  readonly end: () => Promise<void>;
}

const waitMs = 2000;

/**
 * Has git lock HEAD and its branch, which it waits for a while, and find that they are at `head`. Git
 * takes the locks away when it ends, and it ends when this process does.
 * @throws {GitError} where another git keeps a lock, or HEAD is elsewhere.
 */
export async function prepareMove(place: GitPlace, { head, target }: Move): Promise<PreparedMove> {
  const args = ['update-ref', '-m', 'chancery: apply', '--stdin'];
  const config = { ...place.config, 'core.filesRefLockTimeout': String(waitMs) };
  const child = startGit({ ...place, config }, args);
  let stdout = '';
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  // A git that ends before it has read everything says so by its exit code.
  child.stdin.on('error', () => undefined);
  const said = new Promise<boolean>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      if (stdout.includes('prepare: ok\n')) resolve(true);
    });
  });
  const exit = exitOf(child);
  const isReady = Promise.race([said, exit.then(() => false)]);
  const endBy = async (words: string): Promise<void> => {
    child.stdin.end(words);
    const exitCode = await exit;
    const outcome = { exitCode, stdout: Buffer.from(stdout), dropped: 0, stderr };
    if (exitCode !== 0) throw new GitError(args, outcome);
  };
  child.stdin.write(`start\nupdate HEAD ${target} ${head}\nprepare\n`);
  if (!(await isReady)) await endBy('');
  let isOpen = true;
  return {
    commit: async () => {
      isOpen = false;
      await endBy('commit\n');
    },
    end: async () => {
      if (isOpen) await endBy('abort\n');
    },
  };
}
