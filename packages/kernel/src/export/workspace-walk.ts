import { isDigest, type Digest, type Json } from '../encoding/index.ts';
import { readEntry, type StoredEntry } from '../ledger/index.ts';
import { readErasure } from '../removal/index.ts';
import { workspaceKey, type Delta } from '../world/index.ts';
import { gitDigest, readGitTree, type GitKind } from './git-object.ts';

/** An object of a workspace snapshot, and the repository whose snapshots it belongs to. */
export interface WorkspaceObject {
  readonly repository: string;
  readonly kind: GitKind;
  readonly digest: Digest;
}

/** The recorded files of a run. */
interface RecordedFiles {
  readonly repository: string;
  readonly subject: Digest | undefined;
  readonly trees: Set<Digest>;
}

/** What only an entry that tells of files, or of an erased subject, holds. */
const starts = ['run.started', 'commit', 'execution.failed', 'subject.erased'].map(
  (kind) => `"kind":"${kind}"`,
);

/**
 * Tells which objects the workspaces of exported runs consist of, and in what order they stand in an
 * export, for its writer and its reader alike. The trees come in the order in which the entries record
 * them, each before what it names; an object comes once for each repository. A run whose subject was
 * erased has none. Keeps the digests of all objects, for that is what tells whether one was there.
 */
export class WorkspaceWalk {
  readonly #runs = new Map<string, RecordedFiles>();
  readonly #erased = new Set<Digest>();
  readonly #passed = new Set<string>();
  #ahead: WorkspaceObject[] | undefined;

  /** Notes what an entry records of files. What cannot be read says nothing here. */
  take(stored: StoredEntry): void {
    if (!starts.some((start) => stored.text.includes(start))) return;
    const read = readEntry(stored);
    if (!read.ok) return;
    const { entry } = read.value;
    if (entry.kind === 'run.started') {
      const { workspace, subject } = entry.body;
      const files = { repository: workspace.repository, subject: subject?.key };
      this.#runs.set(entry.stream, { ...files, trees: new Set([workspace.tree]) });
    } else if (entry.kind === 'commit' || entry.kind === 'execution.failed') {
      this.#change(entry.stream, entry.body.delta);
    } else if (entry.kind === 'subject.erased') {
      const erasure = readErasure(entry.body.envelope);
      if (erasure.ok) this.#erased.add(erasure.value.said.key);
    }
  }

  #change(stream: string, delta: Delta): void {
    for (const operation of delta) {
      if (operation.op !== 'put' || operation.key !== workspaceKey) continue;
      const tree: Json = operation.value;
      if (isDigest(tree)) this.#runs.get(stream)?.trees.add(tree);
    }
  }

  /** The object that stands next, after all entries; undefined when none does. */
  next(): WorkspaceObject | undefined {
    this.#ahead ??= this.#roots().reverse();
    for (;;) {
      const next = this.#ahead.at(-1);
      if (next === undefined || !this.#passed.has(nameOf(next))) return next;
      this.#ahead.pop();
    }
  }

  /** Takes the bytes of the object that stands next; what is wrong with them. */
  give(bytes: Uint8Array): string | undefined {
    const next = this.next();
    if (next === undefined) return 'an object stands where none is recorded';
    const { repository, kind, digest } = next;
    if (gitDigest(kind, bytes) !== digest) return `the object ${digest} has other bytes`;
    this.#ahead?.pop();
    this.#passed.add(nameOf(next));
    if (kind === 'blob') return undefined;
    const children = readGitTree(bytes);
    if (children === undefined) return `the object ${digest} is no tree of a workspace`;
    const below = children.map((child) => ({ repository, ...child }));
    this.#ahead?.push(...below.reverse());
    return undefined;
  }

  #roots(): WorkspaceObject[] {
    const roots: WorkspaceObject[] = [];
    for (const { repository, subject, trees } of this.#runs.values()) {
      if (subject !== undefined && this.#erased.has(subject)) continue;
      for (const digest of trees) roots.push({ repository, kind: 'tree', digest });
    }
    return roots;
  }
}

function nameOf({ repository, digest }: WorkspaceObject): string {
  return `${digest} ${repository}`;
}
