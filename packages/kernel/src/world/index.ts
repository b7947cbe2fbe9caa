export { applyDelta, emptyWorld } from './apply.ts';
export { worldDigest } from './digest.ts';
export { WorldFold } from './fold.ts';
export {
  savepointKey,
  workspaceKey,
  type Cell,
  type Delta,
  type Operation,
  type World,
} from './model.ts';
