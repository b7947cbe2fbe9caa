import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Signer } from '@chancery/kernel/encoding';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { splitNotes, type Anchor, type AnchorSource } from '@chancery/runtime/transparency';
import { sshSignature } from './ssh-signature.ts';

export interface GitPlace {
  /** Folder of a repository, bare or not. Its checkout and index are not touched. */
  readonly repository: string;
  /** The branch that the commits are made on. */
  readonly branch: string;
}

export interface GitAnchorOptions extends GitPlace {
  /** Signs the commits. */
  readonly signer: Signer;
  readonly nowMs: () => number;
}

/** Where the checkpoint stands in each commit. */
const file = 'checkpoint';
const identity = 'Chancery <chancery@localhost>';
const maxBytes = 16 * 1024 * 1024;

/**
 * Keeps each checkpoint as a signed commit of a branch, to be pushed, fetched and mirrored like any
 * other. Git itself shows to whoever has fetched it that a branch was rewritten.
 */
export function gitAnchor(options: GitAnchorOptions): Anchor {
  const repository = new Repository(options.repository);
  const ref = refOf(options);
  return {
    ...gitAnchorSource(options),
    async publish(note) {
      const parent = await repository.resolve(ref);
      if (!parent.ok) return parent;
      const made = await commit(repository, note, { ...options, parent: parent.value });
      if (!made.ok) return made;
      // Only from the commit that was seen: another who publishes at the same time goes first.
      const moved = await repository.run([
        'update-ref',
        ref,
        made.value,
        parent.value ?? zero(made.value),
      ]);
      return moved.ok ? done(null) : moved;
    },
  };
}

/** Reads the checkpoints of a branch. */
export function gitAnchorSource(place: GitPlace): AnchorSource {
  const repository = new Repository(place.repository);
  const ref = refOf(place);
  return {
    async published() {
      const head = await repository.resolve(ref);
      if (!head.ok) return head;
      return head.value === undefined ? done([]) : notesOf(repository, head.value);
    },
  };
}

const refOf = ({ branch }: GitPlace): string => `refs/heads/${branch}`;
const zero = (id: string): string => '0'.repeat(id.length);

async function commit(
  repository: Repository,
  note: string,
  {
    parent,
    signer,
    nowMs,
  }: Pick<GitAnchorOptions, 'signer' | 'nowMs'> & { readonly parent: string | undefined },
): Promise<Result<string>> {
  const blob = await repository.line(['hash-object', '-w', '--stdin'], note);
  if (!blob.ok) return blob;
  const tree = await repository.line(['mktree'], `100644 blob ${blob.value}\t${file}\n`);
  if (!tree.ok) return tree;
  const when = `${Math.floor(nowMs() / 1_000)} +0000`;
  const [origin = '', size = ''] = note.split('\n');
  const head = [
    `tree ${tree.value}`,
    ...(parent === undefined ? [] : [`parent ${parent}`]),
    ...[`author ${identity} ${when}`, `committer ${identity} ${when}`],
  ].join('\n');
  const message = `Checkpoint of ${size} entries\n\n${origin}\n`;
  const signature = sshSignature(`${head}\n\n${message}`, signer).replaceAll('\n', '\n ');
  const object = `${head}\ngpgsig ${signature}\n\n${message}`;
  return repository.line(['hash-object', '-t', 'commit', '-w', '--stdin'], object);
}

/** The checkpoints of a branch, the oldest first. */
async function notesOf(repository: Repository, head: string): Promise<Result<readonly string[]>> {
  const listed = await repository.run(['rev-list', '--first-parent', '--reverse', head]);
  if (!listed.ok) return listed;
  const notes: string[] = [];
  for (const id of listed.value.trimEnd().split('\n')) {
    const note = await repository.run(['cat-file', 'blob', `${id}:${file}`]);
    if (!note.ok) return broken(`the commit ${id} holds no checkpoint`);
    const split = splitNotes(note.value);
    if (!split.ok) return split;
    notes.push(...split.value);
  }
  return done(notes);
}

/** Git in one repository, without what its configuration, hooks or environment would add. */
class Repository {
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

  async line(args: readonly string[], input?: string): Promise<Result<string>> {
    const left = await this.run(args, input);
    return left.ok ? done(left.value.trimEnd()) : left;
  }

  /** Refuses `anchor.unreachable`. */
  async run(args: readonly string[], input = ''): Promise<Result<string>> {
    const child = spawn('git', ['-C', this.#folder, '-c', 'core.hooksPath=/dev/null', ...args], {
      env: {
        PATH: process.env['PATH'],
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CONFIG_GLOBAL: '/dev/null',
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
      return this.#unreachable(why);
    }
    if (child.exitCode === 0) return done(Buffer.concat(out).toString());
    return this.#unreachable(Buffer.concat(told).toString().trim() || 'git was ended');
  }

  #unreachable(why: string): Result<never> {
    return refused('anchor.unreachable', `git in ${this.#folder}: ${why}`);
  }
}

function broken(why: string): Result<never> {
  return refused('anchor.broken', why);
}
