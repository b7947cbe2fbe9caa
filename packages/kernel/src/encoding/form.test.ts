import { describe, expect, it } from 'vitest';
import { closed, exactly, isAscending, isCount, listOf, misfit, textOf } from './form.ts';

const point = { x: isCount, y: isCount };

describe('misfit', () => {
  it.each([
    ['nothing, when the object has the form', { x: 0, y: 1 }, undefined],
    ['a member that the form does not know', { x: 0, y: 1, z: 2 }, 'z'],
    ['a missing member', { x: 0 }, 'y'],
    ['a member of another form', { x: 0, y: -1 }, 'y'],
  ])('names %s', (_, object, found) => {
    expect(misfit(object, point)).toBe(found);
  });

  it('takes neither inherited members nor inherited forms for its own', () => {
    expect(misfit({ toString: 'x' }, {})).toBe('toString');
    expect(misfit({}, { toString: () => true })).toBe('toString');
  });
});

describe('forms', () => {
  it('closed refuses what is not an object', () => {
    expect([null, [], 'x', 1, { x: 1, y: 1 }].map(closed(point))).toEqual([
      false,
      false,
      false,
      false,
      true,
    ]);
  });

  it('lists, constants and texts are what they say', () => {
    expect([[], [1, 2], [1, -2], 1].map(listOf(isCount))).toEqual([true, true, false, false]);
    expect([1, '1', true].map(exactly(1))).toEqual([true, false, false]);
    expect(['', 'a', 'ab', 'abc', 1].map(textOf(1, 2))).toEqual([false, true, true, false, false]);
    expect([0, 1, -1, 0.5, 2 ** 53, '1'].map(isCount)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  it('ascending means in code unit order, each once', () => {
    expect([[], ['a'], ['', 'a'], ['B', 'a'], ['a', 'a'], ['b', 'a']].map(isAscending)).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});
