import { guardedClock, type Clock } from '@chancery/runtime/journal';

/**
 * The machine's clock, milliseconds since the epoch, that never goes back: set back, it stands still
 * until the machine has caught up. `floorMs` is the latest time that is already recorded.
 */
export function systemClock(floorMs = 0): Clock {
  return guardedClock({ nowMs: () => Date.now() }, floorMs);
}
