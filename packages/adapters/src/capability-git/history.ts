import type { TreeDigest, Workspace } from '@chancery/runtime/workspace';

/**
 * What the capabilities compare: recorded trees, by the workspace that keeps them. The git folder
 * that lies in the worktree, its configuration and its attributes are never looked at.
 */
export interface History {
  readonly workspace: Pick<Workspace, 'origin' | 'branch' | 'changes' | 'diff'>;
  /** Tree that the run started from. */
  readonly base: TreeDigest;
}
