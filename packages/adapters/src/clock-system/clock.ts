import { guardedClock, type Clock, type GuardOptions } from '@chancery/runtime/journal';

/**
 * The machine's clock, milliseconds since the epoch, guarded by its monotonic clock: it never goes
 * back, not behind `floorMs`, the latest time that is already recorded, and tells `onJump` when the
 * machine's clock was set.
 */
export function systemClock(options: GuardOptions = {}): Clock {
  const source = { wallMs: () => Date.now(), monotonicMs: () => performance.now() };
  return guardedClock(source, options);
}
