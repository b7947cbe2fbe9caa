export { gitWorkspaces, type GitWorkspacesOptions } from './workspaces.ts';
