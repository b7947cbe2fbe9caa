import { RefusalError } from '@chancery/kernel/refusal';
import { expect, test } from 'vitest';
import { newName } from './index.ts';

const year2200Ms = Date.UTC(2200, 0, 1);

test('a name is thirteen lowercase letters and digits', () => {
  expect(newName()).toMatch(/^[0-9a-hjkmnp-tv-z]{13}$/);
});

test('names sort in the order of their times', () => {
  const times = [0, 256, 1_000_000, 1_763_000_000_000, 1_763_000_000_256, year2200Ms];
  const names = times.map((timeMs) => newName(timeMs));
  expect([...names].sort()).toEqual(names);
});

test('names of one instant are distinct', () => {
  const names = Array.from({ length: 200 }, () => newName(1));
  expect(new Set(names).size).toBe(200);
});

test.each([-1, -86_400_000, Number.NaN])('refuses the time %d, and comes to an end', (timeMs) => {
  const codeOf = () => {
    try {
      return newName(timeMs);
    } catch (error) {
      return error instanceof RefusalError ? error.refusal.code : error;
    }
  };
  expect(codeOf()).toBe('clock.unset');
});
