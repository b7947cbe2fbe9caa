import type { Result } from '@chancery/kernel/refusal';

/** Name of a tree of files: 64 hex digits, the SHA-256 object id that git gives the tree. */
export type TreeDigest = string;

/** Something in the working tree that no snapshot holds. */
export interface OutsidePath {
  readonly path: string;
  readonly why: string;
}

export interface WorkspaceOrigin {
  /** Absolute real path of the user's repository. */
  readonly repository: string;
  /** Full id of the commit that the run starts from. */
  readonly baseCommit: string;
  readonly baseBranch: string | null;
}

/** A copy of recorded files to work in; whatever is done there is gone with it. */
export interface Scratch {
  /** Absolute path. */
  readonly root: string;
  dispose(): Promise<void>;
}

export interface ChangedPath {
  readonly path: string;
  readonly change: 'added' | 'modified' | 'deleted' | 'type-changed' | 'mode-changed';
}

/**
 * The working tree of one run: a git worktree outside the user's checkout, on a branch of its own,
 * and a content-addressed store of its snapshots. The user's index, branches and checkout are
 * never written. File contents are recorded as they are: no filter, no attribute, no line ending
 * conversion; ignore rules are those of the base commit.
 */
export interface Workspace {
  readonly run: string;
  readonly origin: WorkspaceOrigin;
  /** Absolute path of the worktree. */
  readonly root: string;
  readonly branch: string;
  /** Ignored paths that are present and stand outside every snapshot. */
  outside(): Promise<readonly OutsidePath[]>;
  /**
   * Records the present files. `changed` names the only paths that can differ from the last
   * snapshot (relative, slash-separated); without it the whole tree is compared.
   * Refuses `repo.nested`, `workspace.unsupported` (a name that is not UTF-8, a socket, a device).
   */
  snapshot(changed?: readonly string[]): Promise<Result<TreeDigest>>;
  /** Makes the files equal to the tree, byte for byte: executable bit, symlinks, deletions. */
  restore(tree: TreeDigest): Promise<void>;
  /** A fresh folder with the files of the tree alone, at the same place each time. */
  scratch(tree: TreeDigest): Promise<Scratch>;
  /** Writes the files of a tree into an empty or absent folder. */
  checkout(tree: TreeDigest, folder: string): Promise<void>;
  /**
   * Unified diff (git format, binary files named only) from one tree to another; with `under`
   * that of these files and of what is below these folders alone.
   */
  diff(from: TreeDigest, to: TreeDigest, under?: readonly string[]): Promise<string>;
  changes(from: TreeDigest, to: TreeDigest): Promise<readonly ChangedPath[]>;
  /**
   * Commits the tree on the run's branch of the user's repository; returns the commit id.
   * @throws {RefusalError} `repo.*` where the repository does not take it.
   */
  commit(tree: TreeDigest, message: string): Promise<string>;
  /**
   * Removes the worktree; the snapshots stay, and the branch when something was committed on it.
   * @throws {RefusalError} `repo.*` where the repository does not let go of it.
   */
  dispose(): Promise<void>;
}

export interface WorkspaceRequest {
  readonly run: string;
  /** Folder that the user named. */
  readonly repository: string;
  /** Start from the last commit although the checkout has changes. */
  readonly allowDirty: boolean;
  /** Start from this commit and with these recorded files, instead of the last commit and its files. */
  readonly from?: { readonly commit: string; readonly tree: TreeDigest };
}

/** Makes and finds workspaces. */
export interface Workspaces {
  /**
   * Absolute real path of the repository that a folder lies in: a run has all of it, whichever of
   * its folders is named. Refuses `repo.missing`, `repo.not-git`, `repo.unreadable`; `key.exposed` where keys lie in it. With `recorded` it
   * is that of an earlier run, which nobody names now; where that was moved it is `repo.missing`.
   */
  rootOf(folder: string, recorded?: 'recorded'): Promise<Result<string>>;
  /**
   * Refuses `repo.missing`, `repo.not-git`, `repo.no-commits`, `repo.dirty`, `repo.nested`,
   * `repo.unreadable`, `repo.conflict` where the names of its branches are taken; then nothing has
   * been made.
   */
  create(request: WorkspaceRequest): Promise<Result<Workspace>>;
  /** The workspace of an earlier run; refuses `repo.missing` when its files are gone. */
  open(run: string, origin: WorkspaceOrigin): Promise<Result<Workspace>>;
  /** Runs of which files are still here, in no order. */
  present(): Promise<readonly string[]>;
  /**
   * Removes what is here of a run, like `dispose`, however whole it is.
   * @throws {RefusalError} `repo.*` where the repository does not let go of it.
   */
  discard(run: string): Promise<void>;
  /**
   * Brings the result of a run into the user's checkout: fast-forward, or a merge without
   * conflict; refuses `repo.conflict`, `repo.dirty`, or `repo.busy` where another git is at work;
   * then nothing has changed.
   * Returns the commit that the checkout is at.
   */
  apply(origin: WorkspaceOrigin, commit: string): Promise<Result<string>>;
  /**
   * Writes the files of a recorded tree into an empty or absent folder, whether or not the run's
   * worktree is still there. Refuses `repo.missing` when the snapshots are gone.
   */
  checkOut(origin: WorkspaceOrigin, tree: TreeDigest, folder: string): Promise<Result<null>>;
  /**
   * How two recorded trees of a repository differ, whether or not a worktree is still there: the
   * paths, and a unified diff as `Workspace.diff` gives it. Refuses `repo.missing` when the snapshots
   * are gone.
   */
  compare(
    repository: string,
    from: TreeDigest,
    to: TreeDigest,
  ): Promise<Result<{ readonly changes: readonly ChangedPath[]; readonly diff: string }>>;
}
