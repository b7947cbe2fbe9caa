import { readdirSync } from 'node:fs';
import { Failed } from './failure.ts';
import { readChild } from './file.ts';
import { inFolder, type Folder } from './folder.ts';
import { isText } from './read.ts';
import { parsePath } from './workspace-path.ts';

export interface SearchJob {
  readonly root: string;
  /** Real path of the file or folder to search, `.` for all. */
  readonly path: string;
  readonly kind: 'file' | 'folder';
  /** Source of a regular expression with the flag u. */
  readonly pattern: string;
  readonly ignoreCase: boolean;
  /** Source of a regular expression that paths must match; undefined: every path. */
  readonly paths: string | undefined;
  readonly mostMatches: number;
}

export interface SearchMatch {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

export interface SearchResult {
  readonly matches: readonly SearchMatch[];
  /** Files that were searched. */
  readonly files: number;
  /** Files that were not: binary, too large, not readable. */
  readonly skipped: number;
  readonly truncated: boolean;
}

const longestLine = 400;

/** Searches, following no link; takes as long as it takes. */
export function search(job: SearchJob): SearchResult {
  const names = job.path === '.' ? [] : job.path.split('/');
  const searching = new Searching(job);
  if (job.kind === 'file') {
    const name = names.at(-1) ?? '';
    inFolder(job.root, names.slice(0, -1), (folder) => searching.file(folder, name, job.path));
  } else {
    inFolder(job.root, names, (folder) => searching.folder(folder, names.join('/')));
  }
  return searching.result();
}

class Searching {
  private readonly job: SearchJob;
  private readonly pattern: RegExp;
  private readonly paths: RegExp | undefined;
  private readonly matches: SearchMatch[] = [];
  private files = 0;
  private skipped = 0;
  private truncated = false;

  constructor(job: SearchJob) {
    this.job = job;
    this.pattern = new RegExp(job.pattern, job.ignoreCase ? 'iu' : 'u');
    this.paths = job.paths === undefined ? undefined : new RegExp(job.paths, 'su');
  }

  result(): SearchResult {
    const { matches, files, skipped, truncated } = this;
    return { matches, files, skipped, truncated };
  }

  folder(folder: Folder, path: string): void {
    const entries = readdirSync(folder.here, { withFileTypes: true });
    entries.sort((left, right) => (left.name < right.name ? -1 : 1));
    for (const entry of entries) {
      const { name } = entry;
      if (this.truncated) return;
      if (!parsePath(name).ok) continue;
      const below = path === '' ? name : `${path}/${name}`;
      if (entry.isFile()) this.file(folder, name, below);
      else if (entry.isDirectory()) this.descend(folder, name, below);
    }
  }

  file(folder: Folder, name: string, path: string): void {
    if (this.paths?.test(path) === false) return;
    const bytes = this.read(folder, name, path);
    if (bytes === undefined || !isText(bytes)) {
      this.skipped += 1;
      return;
    }
    this.files += 1;
    for (const [index, line] of bytes.toString().split('\n').entries()) {
      if (!this.pattern.test(line)) continue;
      if (this.matches.length >= this.job.mostMatches) {
        this.truncated = true;
        return;
      }
      this.matches.push({ path, line: index + 1, text: line.slice(0, longestLine).toWellFormed() });
    }
  }

  private descend(folder: Folder, name: string, path: string): void {
    const child = folder.into(name);
    try {
      this.folder(child, path);
    } finally {
      child.close();
    }
  }

  private read(folder: Folder, name: string, path: string): Buffer | undefined {
    try {
      return readChild(folder, name, path).bytes;
    } catch (error) {
      const isOutside = error instanceof Failed || (error instanceof Error && 'code' in error);
      if (isOutside) return undefined;
      throw error;
    }
  }
}
