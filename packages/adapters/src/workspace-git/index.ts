export { snapshotObjects, type SnapshotObjects } from './snapshot-objects.ts';
export { gitWorkspaces, type GitWorkspacesOptions } from './workspaces.ts';
