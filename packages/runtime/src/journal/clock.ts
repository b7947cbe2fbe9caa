import { assert } from '@chancery/kernel/refusal';

/** Wall time, milliseconds since the epoch. The only source of time of the runtime. */
export interface Clock {
  nowMs(): number;
}

/** What a machine tells of time. */
export interface TimeSource {
  /** Milliseconds since the epoch. Somebody, or a protocol, can set it, both ways. */
  wallMs(): number;
  /** Milliseconds since some moment. Nobody can set it; it may stand still while a machine sleeps. */
  monotonicMs(): number;
}

/** The wall clock was not where the monotonic clock, or the ledger, says that it is. */
export interface ClockJump {
  /**
   * `back`: set back since the last reading. `ahead`: set ahead, or the machine slept. `behind`:
   * earlier, at the first reading, than a time that is already recorded.
   */
  readonly kind: 'back' | 'ahead' | 'behind';
  readonly byMs: number;
  /** What the wall clock shows now. */
  readonly wallMs: number;
}

export interface GuardOptions {
  /** Latest time that is already recorded. */
  readonly floorMs?: number;
  /** Told once of each jump, before the time is given. */
  readonly onJump?: (jump: ClockJump) => void;
}

/** Less is no jump: time protocols bring a clock into line by such steps. */
export const jumpMs = 1_000;
/** How fast a clock may be slewed without being set: 500 parts in a million (RFC 5905, section 11.3). */
export const slewRate = 0.0005;

/**
 * A clock that never goes back, and that cannot be held up by setting the machine's clock back:
 * after a jump back it goes on from where it was, as fast as the monotonic clock, so that windows
 * and deadlines still end. After a jump ahead it follows the wall clock, first by what it was
 * itself ahead of it. `nowMs` throws `Fault` for a source that gives no time, or whose monotonic
 * clock goes back.
 */
export function guardedClock(source: TimeSource, options: GuardOptions = {}): Clock {
  const { floorMs = 0, onJump = () => undefined } = options;
  let before: Reading | undefined;
  let latestMs = floorMs;
  /** How much later it is than the wall clock shows. */
  let aheadMs = 0;

  function take(kind: ClockJump['kind'], byMs: number, wallMs: number): void {
    aheadMs = Math.max(0, kind === 'ahead' ? aheadMs - byMs : aheadMs + byMs);
    onJump({ kind, byMs, wallMs });
  }

  return {
    nowMs: () => {
      const now = readingOf(source);
      const { wallMs } = now;
      if (before === undefined) {
        if (floorMs - wallMs > jumpMs) take('behind', floorMs - wallMs, wallMs);
      } else {
        const byMs = jumpBetween(before, now);
        if (byMs !== 0) take(byMs < 0 ? 'back' : 'ahead', Math.abs(byMs), wallMs);
      }
      before = now;
      latestMs = Math.max(latestMs, wallMs + aheadMs);
      return latestMs;
    },
  };
}

interface Reading {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

function readingOf(source: TimeSource): Reading {
  const wallMs = Math.trunc(source.wallMs());
  const monotonicMs = Math.trunc(source.monotonicMs());
  assert(Number.isSafeInteger(wallMs), 'the wall clock gives no time');
  assert(Number.isSafeInteger(monotonicMs), 'the monotonic clock gives no time');
  return { wallMs, monotonicMs };
}

/** By how much the wall clock went on more than the monotonic one; 0 where that is no jump. */
function jumpBetween(before: Reading, now: Reading): number {
  const passedMs = now.monotonicMs - before.monotonicMs;
  assert(passedMs >= 0, 'the monotonic clock went back');
  const byMs = now.wallMs - before.wallMs - passedMs;
  return Math.abs(byMs) > jumpMs + passedMs * slewRate ? byMs : 0;
}
