import { isUtf8 } from 'node:buffer';
import { lstatSync, readlinkSync, type Stats } from 'node:fs';
import { done, refused, type Refused, type Result } from '@chancery/kernel/refusal';

export type PathKind = 'file' | 'folder' | 'absent';

/** Where a path really leads inside the workspace. */
export interface PathFacts {
  /** Real path relative to the workspace, slash-separated, no link in it; `.` is the workspace. */
  readonly path: string;
  readonly kind: PathKind;
}

const longestPathBytes = 4096;
const longestNameBytes = 255;
const mostLinks = 40;
const utf8 = new TextEncoder();

/** Names that some file system takes for `.git`. */
function isGitName(name: string): boolean {
  const plain = name.replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '');
  return /^(?:\.git[ .]*(?::.*)?|git~\d+)$/is.test(plain);
}

function escapes(path: string, why: string): Refused {
  return refused('args.escapes', `${JSON.stringify(path.slice(0, 200))} ${why}`);
}

/** Names of a relative path, in order; none for the workspace itself. Refuses `args.escapes`. */
export function parsePath(path: string): Result<readonly string[]> {
  if (!path.isWellFormed() || path.includes('\0')) return escapes(path, 'holds no plain text');
  if (path.includes('\\')) {
    return refused('args.escapes', `${JSON.stringify(path.slice(0, 200))} holds a backslash`, {
      remedy: 'Part names by slashes. A file whose name holds a backslash is out of reach here.',
    });
  }
  if (path.startsWith('/')) return escapes(path, 'is absolute');
  if (utf8.encode(path).length > longestPathBytes) return escapes(path, 'is too long');
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  for (const name of names) {
    if (name === '..') return escapes(path, 'leads upwards');
    if (isGitName(name)) return escapes(path, 'leads into the folder of git');
    if (utf8.encode(name).length > longestNameBytes) return escapes(path, 'holds a too long name');
  }
  return done(names);
}

/**
 * Follows every link on the way and tells where a path really leads. What is missing at the end is
 * taken as it is written. `root`: absolute real path of the workspace.
 * Refuses `args.escapes` for what leads outside, `args.invalid` for a path through a file or to
 * something that is neither file nor folder.
 */
export function resolvePath(root: string, path: string): Result<PathFacts> {
  const names = parsePath(path);
  return names.ok ? new Resolution(root, path, names.value).run() : names;
}

class Resolution {
  private readonly root: string;
  private readonly path: string;
  private pending: string[];
  private real: string[] = [];
  private links = 0;

  constructor(root: string, path: string, names: readonly string[]) {
    this.root = root;
    this.path = path;
    this.pending = [...names];
  }

  run(): Result<PathFacts> {
    let stats: Stats | undefined = this.status([]);
    for (let name = this.pending.shift(); name !== undefined; name = this.pending.shift()) {
      if (name === '' || name === '.') continue;
      if (name === '..') {
        if (this.real.pop() === undefined) return escapes(this.path, 'leads outside by a link');
        stats = this.status(this.real);
        continue;
      }
      if (isGitName(name)) return escapes(this.path, 'leads into the folder of git by a link');
      if (stats !== undefined && !stats.isDirectory()) return this.invalid('leads through a file');
      const next = [...this.real, name];
      stats = stats === undefined ? undefined : this.status(next);
      if (stats?.isSymbolicLink() === true) {
        const problem = this.follow(next);
        if (problem !== undefined) return problem;
        stats = this.status(this.real);
        continue;
      }
      this.real = next;
    }
    return this.facts(stats);
  }

  private facts(stats: Stats | undefined): Result<PathFacts> {
    const path = this.real.length === 0 ? '.' : this.real.join('/');
    if (stats === undefined) return done({ path, kind: 'absent' });
    if (stats.isFile()) return done({ path, kind: 'file' });
    if (stats.isDirectory()) return done({ path, kind: 'folder' });
    return this.invalid('is neither a file nor a folder');
  }

  private status(names: readonly string[]): Stats | undefined {
    return lstatSync([this.root, ...names].join('/'), { throwIfNoEntry: false });
  }

  /** Puts the target of a link before what is left of the path. */
  private follow(names: readonly string[]): Refused | undefined {
    this.links += 1;
    if (this.links > mostLinks) return escapes(this.path, 'leads through too many links');
    const target = readlinkSync([this.root, ...names].join('/'), { encoding: 'buffer' });
    if (!isUtf8(target)) return escapes(this.path, 'leads through a link that is not UTF-8');
    const text = target.toString();
    if (!text.startsWith('/')) {
      this.pending = [...text.split('/'), ...this.pending];
      return undefined;
    }
    if (text !== this.root && !text.startsWith(`${this.root}/`)) {
      return escapes(this.path, 'leads outside by a link');
    }
    this.real = [];
    this.pending = [...text.slice(this.root.length).split('/'), ...this.pending];
    return undefined;
  }

  private invalid(why: string): Refused {
    return refused('args.invalid', `${JSON.stringify(this.path)} ${why}`);
  }
}
