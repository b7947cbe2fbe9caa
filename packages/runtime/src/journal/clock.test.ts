import { Fault } from '@chancery/kernel/refusal';
import { describe, expect, it } from 'vitest';
import { guardedClock, type ClockJump } from './clock.ts';

const startMs = 1_800_000_000_000;
const hourMs = 3_600_000;

/** A machine whose time passes, and is set, by hand. */
function machine() {
  let [wallMs, monotonicMs] = [startMs, 5_000];
  const jumps: ClockJump[] = [];
  return {
    jumps,
    wallMs: () => wallMs,
    monotonicMs: () => monotonicMs,
    onJump: (jump: ClockJump) => void jumps.push(jump),
    pass: (ms: number) => {
      wallMs += ms;
      monotonicMs += ms;
    },
    set: (byMs: number) => (wallMs += byMs),
    breakMonotonic: (byMs: number) => (monotonicMs += byMs),
  };
}

describe('the guarded clock', () => {
  it('shows the time of the machine while nobody sets it', () => {
    const time = machine();
    const clock = guardedClock(time, time);
    expect(clock.nowMs()).toBe(startMs);
    time.pass(hourMs);
    expect([clock.nowMs(), time.jumps]).toEqual([startMs + hourMs, []]);
  });

  it('goes on at the pace of the monotonic clock when the clock is set back, and tells it once', () => {
    const time = machine();
    const clock = guardedClock(time, time);
    clock.nowMs();
    time.pass(10);
    time.set(-hourMs);
    expect(clock.nowMs()).toBe(startMs + 10);
    time.pass(500);
    expect(clock.nowMs()).toBe(startMs + 510);
    const wallMs = startMs + 10 - hourMs;
    expect(time.jumps).toEqual([{ kind: 'back', byMs: hourMs, wallMs }]);
  });

  it('follows a clock that is set ahead, and tells it', () => {
    const time = machine();
    const clock = guardedClock(time, time);
    clock.nowMs();
    time.set(hourMs);
    expect(clock.nowMs()).toBe(startMs + hourMs);
    expect(time.jumps).toEqual([{ kind: 'ahead', byMs: hourMs, wallMs: startMs + hourMs }]);
  });

  it('is the time of the machine again when a clock that was set back is set right', () => {
    const time = machine();
    const clock = guardedClock(time, time);
    clock.nowMs();
    time.set(-hourMs);
    clock.nowMs();
    time.set(hourMs);
    time.pass(7);
    expect(clock.nowMs()).toBe(startMs + 7);
    time.set(2 * hourMs);
    expect(clock.nowMs()).toBe(startMs + 7 + 2 * hourMs);
  });

  it('stands still through a small step back, which is no jump', () => {
    const time = machine();
    const clock = guardedClock(time, time);
    clock.nowMs();
    time.set(-1_000);
    expect([clock.nowMs(), time.jumps]).toEqual([startMs, []]);
    time.pass(1_001);
    expect([clock.nowMs(), time.jumps]).toEqual([startMs + 1, []]);
  });

  it('takes a clock that is slewed for one that nobody sets', () => {
    const time = machine();
    const clock = guardedClock(time, time);
    clock.nowMs();
    time.pass(24 * hourMs);
    time.set(-40_000);
    expect([clock.nowMs(), time.jumps]).toEqual([startMs + 24 * hourMs - 40_000, []]);
  });

  it('begins no earlier than what is recorded, and goes on from there', () => {
    const time = machine();
    const clock = guardedClock(time, { floorMs: startMs + hourMs, onJump: time.onJump });
    expect(clock.nowMs()).toBe(startMs + hourMs);
    time.pass(20);
    expect(clock.nowMs()).toBe(startMs + hourMs + 20);
    expect(time.jumps).toEqual([{ kind: 'behind', byMs: hourMs, wallMs: startMs }]);
  });

  it('gives whole milliseconds', () => {
    const clock = guardedClock({ wallMs: () => 7.9, monotonicMs: () => 0.3 });
    expect(clock.nowMs()).toBe(7);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('gives no time where there is none: %s', (ms) => {
    expect(() => guardedClock({ wallMs: () => ms, monotonicMs: () => 0 }).nowMs()).toThrow(Fault);
    expect(() => guardedClock({ wallMs: () => 0, monotonicMs: () => ms }).nowMs()).toThrow(Fault);
  });

  it('trusts no monotonic clock that goes back', () => {
    const time = machine();
    const clock = guardedClock(time);
    clock.nowMs();
    time.breakMonotonic(-1);
    expect(() => clock.nowMs()).toThrow(new Fault('the monotonic clock went back'));
  });
});
