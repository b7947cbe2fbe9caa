import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { git } from '../ground/ground.ts';

/** Files by path: git's mode and the SHA-1 id of the content as a blob, computed here. */
export type Listing = Readonly<Record<string, string>>;

/**
 * Somebody who knows nothing of Chancery: git with a repository of its own, in which nothing
 * stands between a file and its content.
 */
export class Witness {
  private readonly gitDir: string;

  constructor(folder: string) {
    this.gitDir = join(folder, 'witness.git');
    git(folder, 'init', '--quiet', '--bare', '--object-format=sha256', this.gitDir);
    // The one place that overrules the attributes in the files themselves.
    const neutral = '* -text -ident -filter -working-tree-encoding\n';
    writeFileSync(join(this.gitDir, 'info', 'attributes'), neutral);
  }

  /** Id that git gives the files as they are at this moment, ignored ones included. */
  treeOf(root: string, outside: readonly string[]): string {
    const places = [`--git-dir=${this.gitDir}`, `--work-tree=${root}`];
    rmSync(join(this.gitDir, 'index'), { force: true });
    git(
      root,
      ...places,
      'add',
      '-A',
      '-f',
      '--',
      '.',
      ...outside.map((path) => `:(exclude)${path}`),
    );
    return git(root, ...places, 'write-tree').trimEnd();
  }
}

/** What is in a folder at this moment; folders without a file in them are nothing. */
export function listingOf(root: string, outside: readonly string[] = []): Listing {
  const found: Record<string, string> = {};
  const visit = (folder: string): void => {
    for (const name of readdirSync(join(root, folder))) {
      const path = folder === '' ? name : `${folder}/${name}`;
      if (path === '.git' || outside.includes(path)) continue;
      const stats = lstatSync(join(root, path));
      if (stats.isDirectory()) visit(path);
      else if (stats.isSymbolicLink()) {
        found[path] = `120000 ${blobId(readlinkSync(join(root, path), { encoding: 'buffer' }))}`;
      } else {
        const mode = (stats.mode & 0o100) === 0 ? '100644' : '100755';
        found[path] = `${mode} ${blobId(readFileSync(join(root, path)))}`;
      }
    }
  };
  visit('');
  return found;
}

/** What a commit of a repository of SHA-1 ids holds. */
export function listingOfCommit(repository: string, commit: string): Listing {
  const rows = git(repository, 'ls-tree', '-r', '-z', commit).split('\0').slice(0, -1);
  return Object.fromEntries(
    rows.map((row) => {
      const tab = row.indexOf('\t');
      const [mode, , id] = row.slice(0, tab).split(' ');
      return [row.slice(tab + 1), `${mode} ${id}`];
    }),
  );
}

function blobId(content: Buffer): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}
