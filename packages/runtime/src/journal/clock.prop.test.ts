import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { guardedClock, jumpMs, slewRate, type ClockJump } from './clock.ts';

/** Between two readings: so much time passes, and the wall clock is set by so much. */
const steps = fc.array(
  fc.record({
    passMs: fc.oneof(fc.nat(2_000), fc.nat(10 * 24 * 3_600_000)),
    setMs: fc.oneof(
      fc.constant(0),
      fc.integer({ min: -2 * jumpMs, max: 2 * jumpMs }),
      fc.integer({ min: -1e11, max: 1e11 }),
    ),
  }),
  { maxLength: 40 },
);
const floors = fc.option(fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 }), {
  nil: undefined,
});

interface Shown {
  readonly passMs: number;
  readonly setMs: number;
  readonly wallMs: number;
  readonly nowMs: number;
  readonly told: readonly ClockJump[];
}

/** All readings, the first with no time before it. */
function readings(
  all: readonly { readonly passMs: number; readonly setMs: number }[],
  floorMs: number | undefined,
): readonly Shown[] {
  let [wallMs, monotonicMs] = [1_800_000_000_000, 0];
  let told: ClockJump[] = [];
  const source = { wallMs: () => wallMs, monotonicMs: () => monotonicMs };
  const floor = floorMs === undefined ? {} : { floorMs };
  const clock = guardedClock(source, { ...floor, onJump: (jump) => void told.push(jump) });
  return [{ passMs: 0, setMs: 0 }, ...all].map(({ passMs, setMs }) => {
    wallMs += passMs + setMs;
    monotonicMs += passMs;
    told = [];
    return { passMs, setMs, wallMs, nowMs: clock.nowMs(), told };
  });
}

test('law: it never goes back, and never before what is recorded', () => {
  fc.assert(
    fc.property(steps, floors, (all, floorMs) => {
      let latestMs = floorMs ?? 0;
      for (const { nowMs } of readings(all, floorMs)) {
        expect(nowMs).toBeGreaterThanOrEqual(latestMs);
        latestMs = nowMs;
      }
    }),
    cases(100),
  );
});

test('law: setting the clock back holds it up by no more than a step that is no jump', () => {
  fc.assert(
    fc.property(steps, floors, (all, floorMs) => {
      let debtMs = 0;
      const shown = readings(all, floorMs);
      const beganMs = shown[0]?.nowMs ?? 0;
      let passedMs = 0;
      for (const { passMs, nowMs } of shown) {
        passedMs += passMs;
        debtMs += jumpMs + passMs * slewRate + 1;
        expect(nowMs - beganMs).toBeGreaterThanOrEqual(passedMs - debtMs);
      }
    }),
    cases(100),
  );
});

test('law: it is never earlier than the clock of the machine, and is that clock where nobody sets it', () => {
  fc.assert(
    fc.property(steps, (all) => {
      for (const { nowMs, wallMs } of readings(all, undefined)) {
        expect(nowMs).toBeGreaterThanOrEqual(wallMs);
      }
      const calm = all.map(({ passMs }) => ({ passMs, setMs: 0 }));
      for (const { nowMs, wallMs, told } of readings(calm, undefined)) {
        expect([nowMs, told]).toEqual([wallMs, []]);
      }
    }),
    cases(100),
  );
});

test('law: each jump is told when it is seen, and nothing else is', () => {
  fc.assert(
    fc.property(steps, (all) => {
      for (const { passMs, setMs, wallMs, told } of readings(all, undefined)) {
        const isJump = Math.abs(setMs) > jumpMs + passMs * slewRate;
        const kind = setMs < 0 ? 'back' : 'ahead';
        expect(told).toEqual(isJump ? [{ kind, byMs: Math.abs(setMs), wallMs }] : []);
      }
    }),
    cases(100),
  );
});
