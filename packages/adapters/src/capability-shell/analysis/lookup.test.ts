import { describe, expect, it } from 'vitest';
import { analyseLine, type Place } from './analyse.ts';
import { summary } from './summary.ts';

/** A package that brings programs under the names of others. */
const facts = {
  scripts: new Map([
    ['a', 'ls x'],
    ['b', 'cat x'],
    ['c', 'eslint .'],
    ['d', 'own x'],
    ['e', 'sew x'],
  ]),
  installed: new Set(['ls', 'eslint', 'own']),
};
const place: Place = { folder: '.', factsOf: (folder) => (folder === '.' ? facts : undefined) };

describe('a program is looked for', () => {
  it.each<readonly [string, string, readonly string[]]>([
    ['in the system by a line', 'ls x', ['ls']],
    ['in the package by its script', 'npm run a', ['ls', 'node_modules/.bin/ls', 'npm', 'npm run']],
    ['in the system, too, by a script', 'npm run b', ['cat', 'npm', 'npm run']],
    ['in the package by its script, as one of packages', 'npm run c', ['eslint', 'npm', 'npm run']],
    ['among packages alone by npx', 'npx ls x', ['ls', 'node_modules/.bin/ls', 'npx']],
    [
      'so by what it runs',
      'npx cross-env A=1 ls x',
      [...['cross-env', 'ls', 'node_modules/.bin/ls', 'npx']],
    ],
    [
      'in the package by pnpm exec',
      'pnpm exec ls x',
      [...['ls', 'node_modules/.bin/ls', 'pnpm', 'pnpm exec']],
    ],
  ])('%s: %s', (_, line, programs) => {
    expect([...analyseLine(line, place).programs].sort()).toEqual(programs);
  });

  it('and one that is declared is no other of that name in a package', () => {
    const declared = new Map([['own', { row: { operands: 'text*' } }]]);
    const programs = ['npm', 'npm run', 'node_modules/.bin/own', 'own'].sort();
    const { does, ...found } = analyseLine('npm run d', { ...place, declared });
    expect([[...found.programs].sort(), does]).toEqual([programs, ['executes']]);
  });

  it('and by a script nothing that is declared is, since a package may bring it there', () => {
    const declared = new Map([['sew', { row: { operands: 'read*' } }]]);
    expect(summary(analyseLine('sew x', { ...place, declared }))).toBe('read <x');
    expect(summary(analyseLine('npm run e', { ...place, declared }))).toBe('executes unknown');
  });

  it.each<readonly [string, string]>([
    ['ls x', 'read <x'],
    ['npm run a', 'read executes <x'],
    ['npm run d', 'executes'],
    ['npx ls x', 'executes'],
    ['npx cat x', 'executes unknown'],
    ['npx eslint .', 'executes'],
    ['npx cross-env A=1 cat x', 'read executes <x'],
    ['python3 -m own x', 'executes unknown'],
    ['python3 -m eslint x', 'executes unknown'],
    ['npx pytest', 'executes unknown'],
    ['node_modules/.bin/ls x', 'executes'],
    ['node_modules/.bin/rimraf x', 'write >x'],
  ])('and %s is read as %j', (line, told) => {
    expect(summary(analyseLine(line, place))).toBe(told);
  });
});
