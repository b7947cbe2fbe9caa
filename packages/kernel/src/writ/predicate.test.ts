import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../encoding/index.ts';
import { implies, predicateHolds, segmentsOf, type Asked } from './predicate.ts';
import type { Predicate } from './model.ts';

const under = (value: string): Predicate => ({ arg: 'path', op: 'under', value });
const is = (value: string): Predicate => ({ arg: 'path', op: 'is', value });
const among = (...values: string[]): Predicate => ({ arg: 'path', op: 'in', values });
const atMost = (value: number): Predicate => ({ arg: 'path', op: 'at-most', value });

const hosts = (...values: string[]): Predicate => ({ arg: 'path', op: 'host-in', values });
const programs = (...values: string[]): Predicate => ({ op: 'programs-in', values });
const [one, other] = ['aa'.repeat(32), 'bb'.repeat(32)] as const;
const on = (args: JsonObject): Asked => ({ args, programs: [], manifest: undefined });

describe('predicateHolds', () => {
  it.each<[Predicate, Json, boolean]>([
    [under('src'), 'src', true],
    [under('src'), 'src/a/b', true],
    [under('src'), './src//a', true],
    [under('src'), 'src2', false],
    [under('src'), 'src2/src', false],
    [under('src'), 'a/src', false],
    [under('src'), 'src/../src/a', false],
    [under('src'), '/src', false],
    [under('src/a'), 'src', false],
    [under('.'), 'anything/at/all', true],
    [under('.'), '.', true],
    [under('.'), '..', false],
    [under('.'), 'a/../../b', false],
    [under('.'), '/etc/passwd', false],
    [under('.'), '', false],
    [under('.'), 'a\u0000b', false],
    [under('..'), '../x', false],
    [under('/etc'), '/etc/passwd', false],
    [is('a'), 'a', true],
    [is('a'), 'A', false],
    [among('a', 'b'), 'b', true],
    [among('a', 'b'), 'c', false],
    [atMost(5), 5, true],
    [atMost(5), 6, false],
    [atMost(5), '5', false],
    [atMost(5), 0.5, false],
    [atMost(5), Number.NaN, false],
    [is('5'), 5, false],
  ])('%j on %j is %j', (predicate, value, expected) => {
    expect(predicateHolds(predicate, on({ path: value }))).toBe(expected);
  });

  it.each<[Predicate, Json, boolean]>([
    [under('src'), ['src/a', 'src/b'], true],
    [under('src'), ['src/a', 'docs'], false],
    [is('a'), ['a', 'a'], true],
    [among('a'), ['a', 1], false],
    [under('src'), [], false],
    [atMost(5), [1], false],
    [under('src'), [['src']], false],
  ])('asks it of every element of a list: %j on %j is %j', (predicate, value, expected) => {
    expect(predicateHolds(predicate, on({ path: value }))).toBe(expected);
  });

  it.each([under('.'), is('a'), among('a'), atMost(5)])(
    'fails closed for a missing argument and for other types: %j',
    (predicate) => {
      const values: Json[] = [null, true, {}, { path: 'a' }];
      expect(values.filter((path) => predicateHolds(predicate, on({ path })))).toEqual([]);
      expect(predicateHolds(predicate, on({}))).toBe(false);
    },
  );

  it.each<[readonly string[], boolean]>([
    [['npm'], true],
    [['node', 'npm', 'npm test'], true],
    [['npm', 'git'], false],
    [['npm', 'npm test', 'unknown'], false],
    [['npm test'], false],
    [['npmx'], false],
    [['./npm', 'npm'], false],
    [['unknown'], false],
    [[], false],
  ])('asks it of every program of a command: %j among node, npm is %j', (run, expected) => {
    expect(predicateHolds(programs('node', 'npm'), { ...on({}), programs: run })).toBe(expected);
  });

  it('admits no program that cannot be told, even where a set names it', () => {
    const set = programs('npm', 'unknown');
    expect(predicateHolds(set, { ...on({}), programs: ['npm', 'unknown'] })).toBe(false);
  });

  it('asks a manifest of what is declared alone', () => {
    const pin: Predicate = { op: 'manifest-in', values: [one, other] };
    expect(predicateHolds(pin, { ...on({}), manifest: other })).toBe(true);
    expect(predicateHolds(pin, { ...on({}), manifest: 'cc'.repeat(32) })).toBe(false);
    expect(predicateHolds(pin, on({ manifest: one }))).toBe(false);
  });

  it.each<[string, boolean]>([
    ['https://example.org/', true],
    ['https://example.org:8443/a?b#c', true],
    ['http://a.example.net', true],
    ['https://b.a.example.net/', true],
    ['https://example.net/', false],
    ['https://xexample.net/', false],
    ['https://example.org.evil.net/', false],
    ['https://example.org@evil.net/', false],
    ['https://evil.net/https://example.org/', false],
    ['https://evil.net#@example.org/', false],
    ['https://evil.net\\@example.org/', false],
    ['https://example.org:65536/', false],
    ['https://EXAMPLE.org/', false],
    ['https://example.org./', false],
    ['ftp://example.org/', false],
    ['//example.org/', false],
    ['example.org', false],
  ])('reads the host of a URL in its canonical form only: %s is %j', (url, expected) => {
    const set = hosts('*.example.net', 'example.org');
    expect(predicateHolds(set, on({ path: url }))).toBe(expected);
    expect(predicateHolds(set, on({ path: [url, 'https://example.org/'] }))).toBe(expected);
  });

  it.each<[string, boolean]>([
    ['https://example.org/', true],
    ['https://example.org:443/', true],
    ['example.org:443', true],
    ['example.org:8443', false],
    ['http://example.org/', false],
    ['http://example.org:443/', true],
    ['http://a.example.net:8080/', true],
    ['a.example.net:443', false],
    ['example.org', false],
  ])('holds a host to the port that a pattern names: %s is %j', (text, expected) => {
    const set = hosts('*.example.net:8080', 'example.org:443');
    expect(predicateHolds(set, on({ path: text }))).toBe(expected);
  });

  it.each<[readonly string[] | undefined, boolean]>([
    [[], true],
    [['example.org:443'], true],
    [['example.org:443', 'a.example.net:22'], true],
    [['example.org:443', 'evil.net:443'], false],
    [['example.org:80'], false],
    [['example.org'], false],
    [undefined, false],
  ])('asks it of every host that is reached: %j is %j', (reached, expected) => {
    const set: Predicate = { op: 'hosts-in', values: ['*.example.net', 'example.org:443'] };
    expect(
      predicateHolds(set, { args: {}, programs: [], hosts: reached, manifest: undefined }),
    ).toBe(expected);
  });

  it('does not take an inherited member for an argument', () => {
    expect(predicateHolds({ arg: 'constructor', op: 'is', value: 'x' }, on({}))).toBe(false);
  });
});

describe('segmentsOf', () => {
  it('drops what leads nowhere and refuses what leads out', () => {
    expect(['.', 'a/./b//c/', 'a/..', '../a', '/', '', 'a\u0000'].map(segmentsOf)).toEqual([
      [],
      ['a', 'b', 'c'],
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('implies', () => {
  it.each<[Predicate, Predicate, boolean]>([
    [under('src/a'), under('src'), true],
    [under('src'), under('src/a'), false],
    [under('src2'), under('src'), false],
    [is('src/a'), under('src'), true],
    [is('src/../a'), under('src'), false],
    [among('src/a', 'src/b'), under('src'), true],
    [among('src/a', 'docs'), under('src'), false],
    [is('a'), is('a'), true],
    [is('b'), is('a'), false],
    [among('a'), is('a'), true],
    [among('a', 'b'), is('a'), false],
    [is('a'), among('a', 'b'), true],
    [among('a'), among('a', 'b'), true],
    [among('a', 'b'), among('a'), false],
    [under('a'), is('a'), false],
    [under('a'), among('a'), false],
    [atMost(4), atMost(5), true],
    [atMost(6), atMost(5), false],
    [is('4'), atMost(5), false],
    [atMost(4), is('4'), false],
    [hosts('a.b'), hosts('*.b', 'c'), true],
    [hosts('*.a.b'), hosts('*.b'), true],
    [hosts('*.b'), hosts('*.a.b'), false],
    [hosts('*.b'), hosts('b'), false],
    [hosts('b'), hosts('*.b'), false],
    [hosts('a.b', 'c'), hosts('*.b'), false],
    [is('https://a.b/'), hosts('*.b'), true],
    [hosts('a.b'), is('https://a.b/'), false],
    [programs('npm'), programs('node', 'npm'), true],
    [programs('git', 'npm'), programs('node', 'npm'), false],
    [programs('npm'), among('npm'), false],
    [among('npm'), programs('npm'), false],
  ])('%j implies %j: %j', (narrow, wide, expected) => {
    expect(implies(narrow, wide)).toBe(expected);
  });

  it('says nothing about another argument', () => {
    const elsewhere: Predicate = { arg: 'cwd', op: 'is', value: 'a' };
    expect(implies(elsewhere, is('a'))).toBe(false);
  });
});
