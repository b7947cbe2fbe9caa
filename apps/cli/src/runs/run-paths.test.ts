import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { done } from '@chancery/kernel/refusal';
import { readGate, readProtected, readShared } from './run-paths.ts';

const invalid = { ok: false, refusal: { code: 'usage.invalid' } };

describe('a glob to protect', () => {
  it.each([
    ['n.txt', 'n.txt'],
    ['./n.txt', 'n.txt'],
    ['sub/', 'sub/**'],
    ['.github/**', '.github/**'],
    ['*.pem', '*.pem'],
  ])('%j becomes %j, as paths of a workspace are', (glob, named) => {
    expect(readProtected(glob)).toEqual(done(named));
  });

  it.each(['', '/', '/etc/**', '../x', 'a/../b', 'a//b', '[', 'a\\b', './'])(
    '%j is refused: it would protect nothing',
    (glob) => {
      expect(readProtected(glob)).toMatchObject(invalid);
    },
  );
});

describe('a shared path', () => {
  let folder: string;
  let home: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'chancery-share-'));
    home = join(folder, 'home');
    mkdirSync(join(home, 'keys'), { recursive: true });
    mkdirSync(join(folder, 'data'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('may be any other folder', () => {
    expect(readShared(join(folder, 'data'), home)).toEqual(done(join(folder, 'data')));
  });

  it.each(['home', 'home/keys', '.', 'missing'])('%s is refused', (path) => {
    expect(readShared(join(folder, path), home)).toMatchObject(invalid);
  });

  it('of everything is refused', () => {
    expect(readShared('/', home)).toMatchObject(invalid);
  });
});

it('a gate that is empty is refused', () => {
  expect([readGate(' '), readGate('true')]).toMatchObject([invalid, done('true')]);
});
