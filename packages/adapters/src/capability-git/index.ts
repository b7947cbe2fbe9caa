import type { Capability } from '@chancery/runtime/broker';
import { gitDiff } from './diff.ts';
import type { History } from './history.ts';
import { gitStatus } from './status.ts';

export type { History } from './history.ts';

/** `git.status` and `git.diff` of one run. */
export function gitCapabilities(history: History): readonly Capability[] {
  return [gitStatus(history), gitDiff(history)];
}
