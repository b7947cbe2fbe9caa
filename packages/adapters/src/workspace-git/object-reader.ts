import { isUtf8 } from 'node:buffer';
import { Fault } from '@chancery/kernel/refusal';
import { exitOf, git, startGit, type GitPlace } from './git.ts';

export interface ListedEntry {
  /** Relative path; undefined when it is not UTF-8. */
  readonly path: string | undefined;
  readonly rawPath: Buffer;
  /** Mode as git prints it, six digits: `040000` for a folder, `160000` for a submodule. */
  readonly mode: string;
  readonly id: string;
}

/** All entries below a tree or commit, in git's order, folders before what is in them. */
export async function listTree(
  place: GitPlace,
  treeish: string,
  folders: 'with-folders' | 'files-only',
): Promise<ListedEntry[]> {
  const depth = folders === 'with-folders' ? ['-r', '-t'] : ['-r'];
  const listing = await git(place, { args: ['ls-tree', ...depth, '-z', '--full-tree', treeish] });
  const entries: ListedEntry[] = [];
  for (let at = 0; at < listing.length;) {
    const tab = listing.indexOf(9, at);
    const end = listing.indexOf(0, tab);
    const [mode = '', , id = ''] = listing.toString('latin1', at, tab).split(' ');
    const rawPath = listing.subarray(tab + 1, end);
    const path = isUtf8(rawPath) ? rawPath.toString() : undefined;
    entries.push({ path, rawPath, mode, id });
    at = end + 1;
  }
  return entries;
}

export interface ReadObject {
  readonly id: string;
  readonly bytes: Buffer;
}

/** Some objects are not in the repository (a partial clone, or damage). */
export class MissingObject extends Fault {}

const newline = 10;

/**
 * Contents of objects, in the order of `ids`, one at a time.
 * @throws {MissingObject} at the first that is not there.
 */
export async function* readObjects(
  place: GitPlace,
  ids: readonly string[],
): AsyncGenerator<ReadObject> {
  if (ids.length === 0) return;
  const child = startGit(place, ['cat-file', '--batch', '--buffer']);
  const exit = exitOf(child);
  child.stderr.resume();
  child.stdin.on('error', () => undefined);
  child.stdin.end(`${ids.join('\n')}\n`);
  try {
    let held: Buffer[] = [];
    let heldBytes = 0;
    let wanted = 0;
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      held.push(chunk);
      heldBytes += chunk.length;
      // Joined only when an object is complete, so that a large one is not copied per chunk.
      if (heldBytes < wanted) continue;
      let rest = Buffer.concat(held);
      for (;;) {
        const read = takeObject(rest);
        if (typeof read === 'number') {
          wanted = read;
          break;
        }
        yield read.object;
        rest = rest.subarray(read.length);
      }
      held = [rest];
      heldBytes = rest.length;
    }
    if (heldBytes > 0 || (await exit) !== 0) throw new Fault('git cat-file broke off');
  } finally {
    child.kill();
    await exit;
  }
}

/** Reads single objects, one after the other, through one process of git. */
export class ObjectLookup {
  readonly #child: ReturnType<typeof startGit>;
  readonly #exit: Promise<number>;
  readonly #chunks: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);

  constructor(place: GitPlace) {
    this.#child = startGit(place, ['cat-file', '--batch']);
    this.#exit = exitOf(this.#child);
    this.#child.stderr.resume();
    this.#child.stdin.on('error', () => undefined);
    this.#chunks = (this.#child.stdout as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  }

  /**
   * Content of an object; undefined when it is not there, or is damaged, after which git answers no more.
   * One is asked for at a time.
   */
  async read(id: string): Promise<Buffer | undefined> {
    this.#child.stdin.write(`${id}\n`);
    const held: Buffer[] = [this.#held];
    let heldBytes = this.#held.length;
    for (let wanted = 1; ;) {
      if (heldBytes >= wanted) {
        const bytes = Buffer.concat(held);
        this.#held = bytes;
        const line = bytes.indexOf(newline);
        const isMissing = line >= 0 && bytes.toString('latin1', 0, line).endsWith(' missing');
        if (isMissing) {
          this.#held = bytes.subarray(line + 1);
          return undefined;
        }
        const read = takeObject(bytes);
        if (typeof read !== 'number') {
          this.#held = bytes.subarray(read.length);
          return read.object.bytes;
        }
        wanted = read;
      }
      const next = await this.#chunks.next();
      if (next.done === true) return undefined;
      held.push(next.value);
      heldBytes += next.value.length;
    }
  }

  async close(): Promise<void> {
    this.#child.kill();
    await this.#exit;
  }
}

/** The object at the start of `bytes`, or how many bytes are needed to tell. */
function takeObject(
  bytes: Buffer,
): number | { readonly object: ReadObject; readonly length: number } {
  const line = bytes.indexOf(newline);
  if (line < 0) return bytes.length + 1;
  const [id = '', kind, size] = bytes.toString('latin1', 0, line).split(' ');
  if (size === undefined) throw new MissingObject(`object ${id} is ${kind ?? 'missing'}`);
  const start = line + 1;
  const end = start + Number(size);
  if (bytes.length < end + 1) return end + 1;
  return { object: { id, bytes: bytes.subarray(start, end) }, length: end + 1 };
}

/** Which of the objects are in the repository. */
export async function presentObjects(
  place: GitPlace,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const answer = await git(place, {
    args: ['cat-file', '--batch-check=%(objectname)'],
    stdin: `${ids.join('\n')}\n`,
  });
  const lines = answer.toString().split('\n');
  return new Set(lines.filter((line) => line !== '' && !line.endsWith(' missing')));
}
