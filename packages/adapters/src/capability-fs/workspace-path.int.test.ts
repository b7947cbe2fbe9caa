import { execFileSync } from 'node:child_process';
import { rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { newGround } from './ground-fixture.ts';
import { resolvePath } from './workspace-path.ts';

const { root, outside } = newGround({ 'dir/file': '1', file: '2' });
symlinkSync('dir', join(root, 'to-dir'));
symlinkSync('../file', join(root, 'dir/to-file'));
symlinkSync('dir/missing', join(root, 'dangling'));
symlinkSync(join(root, 'dir'), join(root, 'absolute'));
symlinkSync(outside, join(root, 'outside'));
symlinkSync('../outside/canary', join(root, 'canary'));
symlinkSync('dir/../../outside', join(root, 'winding'));
symlinkSync('.git/config', join(root, 'config'));
symlinkSync(`${root}-beside/x`, join(root, 'beside'));
symlinkSync('loop', join(root, 'loop'));
execFileSync('/bin/sh', ['-c', 'mkfifo "$0"', join(root, 'pipe')]);
afterAll(() => rmSync(dirname(root), { recursive: true }));

describe('a path', () => {
  it.each([
    ['file', { path: 'file', kind: 'file' }],
    ['./dir//file', { path: 'dir/file', kind: 'file' }],
    ['dir/', { path: 'dir', kind: 'folder' }],
    ['.', { path: '.', kind: 'folder' }],
    ['to-dir/file', { path: 'dir/file', kind: 'file' }],
    ['to-dir/to-file', { path: 'file', kind: 'file' }],
    ['absolute/new/file', { path: 'dir/new/file', kind: 'absent' }],
    ['dangling', { path: 'dir/missing', kind: 'absent' }],
    ['...', { path: '...', kind: 'absent' }],
    ['.gitignore', { path: '.gitignore', kind: 'absent' }],
    ['.github/x', { path: '.github/x', kind: 'absent' }],
  ])('%j leads to its real place', (path, facts) => {
    expect(resolvePath(root, path)).toEqual({ ok: true, value: facts });
  });

  it.each([
    '/etc/passwd',
    '..',
    'dir/../file',
    'dir/..',
    '..\\x',
    'a\0b',
    '\ud800',
    '.git',
    '.git/config',
    'dir/.GIT/x',
    '.git ',
    '.git.',
    '.git::$INDEX_ALLOCATION',
    'GIT~1',
    '.g\u200cit/config',
    'config',
    'beside',
    'outside/canary',
    'outside/new',
    'outside',
    'canary',
    'winding/canary',
    'loop',
    'x'.repeat(256),
    'x/'.repeat(3000),
  ])('%j escapes', (path) => {
    expect(resolvePath(root, path)).toMatchObject({ refusal: { code: 'args.escapes' } });
  });

  it.each(['file/below', 'pipe', 'to-dir/file/x'])('%j is no place for a file', (path) => {
    expect(resolvePath(root, path)).toMatchObject({ refusal: { code: 'args.invalid' } });
  });
});
