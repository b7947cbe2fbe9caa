import { assert } from '@chancery/kernel/refusal';
import type { FilledPart } from './fill.ts';

/** What a checked manifest needs as text may not be left out. */
export function assertFilled(
  parts: readonly FilledPart[] | undefined,
): asserts parts is readonly FilledPart[] {
  assert(parts !== undefined, 'a checked manifest names what has to be given');
}
