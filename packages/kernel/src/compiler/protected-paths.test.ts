import { describe, expect, it } from 'vitest';
import { protectedPath } from './protected-paths.ts';

describe('protectedPath', () => {
  it.each<[string, string, boolean]>([
    ['dir/**', 'dir/a/b', true],
    ['dir/**', 'dir', true],
    ['dir/**', 'dir2/a', false],
    ['dir/**', 'a/dir/b', false],
    ['dir/**', 'dir/a\nb', true],
    ['*.lock', 'yarn.lock', true],
    ['*.lock', 'a/b/yarn.lock', true],
    ['*.lock', 'yarn.lock.txt', false],
    ['*.lock', 'yarnxlock', false],
    ['package.json', 'package.json', true],
    ['package.json', 'a/package.json', false],
    ['package.json', 'packagexjson', false],
    ['a+(b)/**', 'a+(b)/c', true],
    ['**', 'anything/at/all', true],
    ['a/*/c', 'a/b/c', true],
    ['a/*/c', 'a/b/b/c', false],
    ['a/**/c', 'a/b/b/c', true],
  ])('%s matches %j: %j', (glob, path, expected) => {
    expect(protectedPath([path], [glob]) === path).toBe(expected);
  });

  it('names the first path that any of the globs protects', () => {
    const globs = ['*.lock', 'ci/**'];
    expect(protectedPath(['a', 'ci/x', 'b.lock'], globs)).toBe('ci/x');
    expect(protectedPath(['a', 'b'], globs)).toBeUndefined();
    expect(protectedPath([''], [])).toBeUndefined();
  });
});
