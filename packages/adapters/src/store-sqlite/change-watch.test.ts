import { expect, test } from 'vitest';
import { Fault, refusal, RefusalError } from '@chancery/kernel/refusal';
import { changeWatch } from './change-watch.ts';

const busy = new RefusalError(refusal('ledger.busy', 'locked'));
const unreachable = new RefusalError(refusal('ledger.unreachable', 'no such disk'));

/** How often `tell` was called after each look, when the looks find this after the first. */
function toldAt(first: number, ...found: readonly (number | Error)[]): readonly number[] {
  const answers: (number | Error)[] = [first, ...found];
  let told = 0;
  const look = changeWatch(
    () => {
      const answer = answers.shift();
      if (typeof answer === 'number') return answer;
      throw answer ?? new Fault('one look too many');
    },
    () => {
      told += 1;
    },
  );
  return found.map(() => {
    look();
    return told;
  });
}

test('a change is told once', () => {
  expect(toldAt(1, 1, 2, 2, 3)).toEqual([0, 1, 1, 2]);
});

test('what could not be seen for a lock is seen at the next look', () => {
  expect(toldAt(1, busy, 1, busy, 2)).toEqual([0, 0, 0, 1]);
});

test('a failure is told, and so is the first look after it', () => {
  expect(toldAt(1, unreachable, new Fault('broken'), 1, 1)).toEqual([1, 2, 3, 3]);
});

test('a ledger that cannot be looked at is not watched', () => {
  const fail = (): number => {
    throw unreachable;
  };
  expect(() => changeWatch(fail, () => undefined)).toThrow(unreachable);
});
