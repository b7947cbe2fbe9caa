import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { done, refused, type Result } from '@chancery/kernel/refusal';

const maxBytes = 16 * 1024 * 1024;

const settings = [
  'core.hooksPath=/dev/null',
  // Git leaves it to the system when an object is on disk, unless it is told.
  'core.fsync=committed,loose-object',
].flatMap((setting) => ['-c', setting]);

type Input = string | Uint8Array;

/** Git in one repository, without what its configuration, hooks or environment would add. */
export class Repository {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The commit that a name stands for; undefined for a branch that is not there. */
  async resolve(ref: string): Promise<Result<string | undefined>> {
    const inside = await this.run(['rev-parse', '--git-dir']);
    if (!inside.ok) return inside;
    const found = await this.line(['for-each-ref', '--format=%(objectname)', ref]);
    if (!found.ok) return found;
    return done(found.value === '' ? undefined : found.value);
  }

  async line(args: readonly string[], input?: Input): Promise<Result<string>> {
    const left = await this.run(args, input);
    return left.ok ? done(left.value.trimEnd()) : left;
  }

  /** Refuses `anchor.unreachable`. */
  async run(args: readonly string[], input?: Input): Promise<Result<string>> {
    const left = await this.bytes(args, input);
    return left.ok ? done(left.value.toString()) : left;
  }

  /** Refuses `anchor.unreachable`. */
  async bytes(args: readonly string[], input: Input = ''): Promise<Result<Buffer>> {
    const child = spawn('git', ['-C', this.#folder, ...settings, ...args], {
      env: {
        PATH: process.env['PATH'],
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CONFIG_GLOBAL: '/dev/null',
        // A replacement would hide what a branch keeps.
        GIT_NO_REPLACE_OBJECTS: '1',
        LC_ALL: 'C',
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const [out, told]: [Buffer[], Buffer[]] = [[], []];
    let bytes = 0;
    child.stdout.on('data', (piece: Buffer) => {
      bytes += piece.length;
      if (bytes > maxBytes) child.kill('SIGKILL');
      else out.push(piece);
    });
    child.stderr.on('data', (piece: Buffer) => told.push(piece));
    // A git that ends before it has read all says itself what is wrong.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    try {
      await once(child, 'close');
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return this.unreachable(why);
    }
    if (child.exitCode === 0) return done(Buffer.concat(out));
    return this.unreachable(Buffer.concat(told).toString().trim() || 'git was ended');
  }

  /** Refuses `anchor.unreachable`. */
  unreachable(why: string, remedy?: string): Result<never> {
    const told = remedy === undefined ? {} : { remedy };
    return refused('anchor.unreachable', `git in ${this.#folder}: ${why}`, told);
  }
}
