export type {
  ChangedPath,
  OutsidePath,
  Scratch,
  TreeDigest,
  Workspace,
  WorkspaceOrigin,
  WorkspaceRequest,
  Workspaces,
} from './port.ts';
