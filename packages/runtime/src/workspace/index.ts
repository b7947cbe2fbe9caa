export {
  type ChangedPath,
  type OutsidePath,
  type Scratch,
  type TreeDigest,
  type Workspace,
  type WorkspaceOrigin,
  type WorkspaceRequest,
  type Workspaces,
} from './port.ts';
