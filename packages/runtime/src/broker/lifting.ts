import { protectedPath, type Action, type Resolution } from '@chancery/kernel/compiler';
import { isJsonObject, type Digest } from '@chancery/kernel/encoding';

/** An action as it was decided, with the answer of humans that it was decided by. */
export interface Answered {
  readonly action: Action;
  readonly actionDigest: Digest;
  readonly resolution: Resolution | undefined;
}

/**
 * Protected paths that a command may write: those that the action names, where humans have granted this
 * very action. Each is a file, or a folder with all in it; whatever else is protected stays so.
 */
export function liftedFor(
  { action, actionDigest, resolution }: Answered,
  protectedPaths: readonly string[],
): readonly string[] {
  if (resolution?.outcome !== 'granted' || resolution.action !== actionDigest) return [];
  return liftable(action, protectedPaths);
}

/** Those that a grant of this action lifts: only a command is kept from others than it names. */
export function liftable(action: Action, protectedPaths: readonly string[]): readonly string[] {
  return namedPaths(action).filter((path) => protectedPath([path], protectedPaths) !== undefined);
}

/** The paths that a resolved command tells: what was asked about, and what its digest covers. */
function namedPaths({ resolved }: Action): readonly string[] {
  if (!isJsonObject(resolved) || !Array.isArray(resolved['paths'])) return [];
  return resolved['paths'].filter((path) => typeof path === 'string');
}

/** Whether a path is one of these, or lies in one. */
export function isLifted(path: string, lifted: readonly string[]): boolean {
  return lifted.some((each) => path === each || path.startsWith(`${each}/`));
}
