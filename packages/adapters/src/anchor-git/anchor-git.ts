import type { Signer } from '@chancery/kernel/encoding';
import { done, type Result } from '@chancery/kernel/refusal';
import type { Anchor, AnchorSource } from '@chancery/runtime/transparency';
import { checkpointFile, notesAt, notesOf } from './branch-notes.ts';
import { Repository } from './repository.ts';
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

const identity = 'Chancery <chancery@localhost>';

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
      const before = parent.value === undefined ? [] : [parent.value];
      // Nothing stands behind what cannot be read.
      const readable = await notesAt(repository, before);
      if (!readable.ok) return readable;
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
  // As git writes a tree of one file; its `mktree` does not see to it that it is on disk.
  const entry = [`100644 ${checkpointFile}\0`, Buffer.from(blob.value, 'hex')].map((part) =>
    Buffer.from(part),
  );
  const tree = await repository.line(
    ['hash-object', '-t', 'tree', '-w', '--stdin'],
    Buffer.concat(entry),
  );
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
