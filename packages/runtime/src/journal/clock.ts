/** Wall time, milliseconds since the epoch. The only source of time of the runtime. */
export interface Clock {
  nowMs(): number;
}

/**
 * A clock that never goes back: when the machine's clock is set back, it stands still until the
 * machine has caught up. `floorMs` is the latest time that is already recorded.
 */
export function guardedClock(clock: Clock, floorMs = 0): Clock {
  let latestMs = floorMs;
  return {
    nowMs: () => {
      latestMs = Math.max(latestMs, Math.trunc(clock.nowMs()));
      return latestMs;
    },
  };
}
