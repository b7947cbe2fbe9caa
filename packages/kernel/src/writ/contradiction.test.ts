import { describe, expect, it } from 'vitest';
import { contradiction } from './contradiction.ts';
import type { Predicate } from './model.ts';

const on = (arg: string, op: 'is' | 'under', value: string): Predicate => ({ arg, op, value });
const atMost: Predicate = { arg: 'a', op: 'at-most', value: 5 };
const host: Predicate = { arg: 'a', op: 'host-in', values: ['*.a.b'] };
const port = (of: number): Predicate => ({ arg: 'a', op: 'host-in', values: [`x.a.b:${of}`] });
const reach = (of: string): Predicate => ({ op: 'hosts-in', values: [of] });
const npm: Predicate = { op: 'programs-in', values: ['npm'] };

describe('conditions that exclude each other', () => {
  it.each<[string, readonly Predicate[]]>([
    ['a number and a text', [atMost, on('a', 'is', '5')]],
    ['a number and a path', [on('a', 'under', '.'), atMost]],
    ['a text elsewhere', [on('a', 'under', 'x'), on('a', 'is', 'y')]],
    ['a text that is no such URL', [host, on('a', 'is', 'https://b.a/')]],
    ['paths apart', [on('a', 'under', 'x'), on('a', 'under', 'x2')]],
    ['ports apart', [port(443), port(80)]],
    ['programs apart', [npm, { op: 'programs-in', values: ['git'] }]],
  ])('are %s', (_, where) => {
    expect(contradiction([on('b', 'is', 'x'), ...where])).toEqual(where[0]);
  });

  it.each<[string, readonly Predicate[]]>([
    ['none', []],
    ['one of each on its own argument', [atMost, on('b', 'is', '5'), on('c', 'under', 'x'), npm]],
    ['a path below a path', [on('a', 'under', 'x'), on('a', 'under', 'x/y')]],
    ['a host below a host', [host, { arg: 'a', op: 'host-in', values: ['c', '*.x.a.b'] }]],
    ['one port of a host', [host, port(443)]],
    ['hosts apart, of which none need be reached', [reach('a.b'), reach('b.a')]],
    ['a program in both', [npm, { op: 'programs-in', values: ['git', 'npm'] }]],
  ])('are not %s', (_, where) => {
    expect(contradiction(where)).toBeUndefined();
  });
});
