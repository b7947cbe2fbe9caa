import { bytesDigest } from '@chancery/kernel/encoding';
import { done, Fault, type Result } from '@chancery/kernel/refusal';
import type {
  ChangedPath,
  Scratch,
  TreeDigest,
  Workspace,
  WorkspaceOrigin,
} from '@chancery/runtime/workspace';

/** A working tree in memory: files are texts by path. For tests of what stands above files. */
export class MemoryWorkspace implements Workspace {
  readonly run: string;
  readonly origin: WorkspaceOrigin = {
    repository: '/memory',
    baseCommit: '0'.repeat(40),
    baseBranch: null,
  };
  readonly root: string = '/memory/worktree';
  readonly branch: string;
  /** The present files; a test changes them as a program would. */
  readonly files = new Map<string, string>();
  readonly commits: { readonly tree: TreeDigest; readonly message: string }[] = [];
  private readonly trees = new Map<TreeDigest, ReadonlyMap<string, string>>();

  constructor(run: string) {
    this.run = run;
    this.branch = `chancery/${run}`;
  }

  outside(): Promise<readonly never[]> {
    return Promise.resolve([]);
  }

  snapshot(): Promise<Result<TreeDigest>> {
    const files = [...this.files].sort(([a], [b]) => (a < b ? -1 : 1));
    const tree = bytesDigest(JSON.stringify(files));
    this.trees.set(tree, new Map(files));
    return Promise.resolve(done(tree));
  }

  restore(tree: TreeDigest): Promise<void> {
    this.files.clear();
    for (const [path, text] of this.tree(tree)) this.files.set(path, text);
    return Promise.resolve();
  }

  checkout(): Promise<void> {
    return Promise.reject(new Fault('a workspace in memory has no folder to check out into'));
  }

  scratch(tree: TreeDigest): Promise<Scratch> {
    this.tree(tree);
    return Promise.resolve({ root: '/memory/scratch', dispose: () => Promise.resolve() });
  }

  diff(from: TreeDigest, to: TreeDigest): Promise<string> {
    return this.changes(from, to).then((changes) => changes.map(({ path }) => path).join('\n'));
  }

  changes(from: TreeDigest, to: TreeDigest): Promise<readonly ChangedPath[]> {
    const before = this.tree(from);
    const after = this.tree(to);
    const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
    return Promise.resolve(
      paths
        .filter((path) => before.get(path) !== after.get(path))
        .map((path) => ({ path, change: changeOf(before.has(path), after.has(path)) })),
    );
  }

  commit(tree: TreeDigest, message: string): Promise<string> {
    this.commits.push({ tree, message });
    return Promise.resolve(bytesDigest(`${tree}\n${message}`).slice(0, 40));
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }

  private tree(tree: TreeDigest): ReadonlyMap<string, string> {
    const files = this.trees.get(tree);
    if (files === undefined) throw new Fault(`no snapshot ${tree}`);
    return files;
  }
}

function changeOf(before: boolean, after: boolean): ChangedPath['change'] {
  if (before && after) return 'modified';
  return after ? 'added' : 'deleted';
}
