import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entriesIn, type Walk } from './walk.ts';

let base: string;

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'walk-'));
});

afterEach(() => {
  rmSync(base, { recursive: true });
});

const pathsIn = (walk?: Walk): readonly string[] =>
  [...entriesIn(base, walk)].map(({ path }) => path.slice(base.length + 1)).sort();

describe('entriesIn', () => {
  it('tells everything but folders, and follows no symlink', () => {
    mkdirSync(join(base, 'a/b'), { recursive: true });
    for (const path of ['one', 'a/two', 'a/b/three']) writeFileSync(join(base, path), '');
    symlinkSync('/usr', join(base, 'link'));
    expect(pathsIn()).toEqual(['a/b/three', 'a/two', 'link', 'one']);
    expect(pathsIn({ skips: (path) => path === join(base, 'a') })).toEqual(['link', 'one']);
  });

  it('finds nothing in a folder that is gone', () => {
    expect([...entriesIn(join(base, 'absent'))]).toEqual([]);
  });

  it('throws for what cannot be listed', () => {
    writeFileSync(join(base, 'file'), '');
    expect(() => [...entriesIn(join(base, 'file'))]).toThrow('ENOTDIR');
  });

  it('passes over a closed folder only where it may', () => {
    mkdirSync(join(base, 'closed'));
    chmodSync(join(base, 'closed'), 0o000);
    const isRoot = process.getuid?.() === 0;
    expect(pathsIn({ passesClosed: true })).toEqual([]);
    if (isRoot) expect(pathsIn()).toEqual([]);
    else expect(() => pathsIn()).toThrow('EACCES');
    chmodSync(join(base, 'closed'), 0o700);
  });
});
