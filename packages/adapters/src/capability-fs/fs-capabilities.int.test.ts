import {
  chmodSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bytesDigest } from '@chancery/kernel/encoding';
import { execute, newGround, normalise, outcome, put, type Ground } from './ground-fixture.ts';
import { fsCapabilities } from './index.ts';
import { fsList } from './list.ts';
import { fsPatch } from './patch.ts';
import { fsRead } from './read.ts';
import { fsSearch } from './search.ts';
import { fsWrite } from './write.ts';

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

function ground(files: Readonly<Record<string, string>> = {}): Ground {
  const place = newGround(files);
  made.push(dirname(place.root));
  return place;
}

describe('the contracts', () => {
  it('name each field of an output and its author', () => {
    for (const { contract } of fsCapabilities) {
      const { properties } = contract.output;
      expect(Object.keys(contract.authors)).toEqual(Object.keys(properties ?? {}));
    }
  });
});

describe('fs.read', () => {
  it('gives the lines that are asked for', async () => {
    const { root } = ground({ file: 'one\ntwo\r\nthree' });
    const common = {
      path: 'file',
      encoding: 'utf-8',
      totalLines: 3,
      sizeBytes: 14,
      digest: bytesDigest('one\ntwo\r\nthree'),
      executable: false,
    };
    expect(await outcome(fsRead, root, { path: 'file' })).toEqual({
      ...common,
      content: 'one\ntwo\r\nthree',
      firstLine: 1,
      lines: 3,
      truncated: false,
    });
    expect(await outcome(fsRead, root, { path: 'file', offset: 2, limit: 1 })).toEqual({
      ...common,
      content: 'two\r\n',
      firstLine: 2,
      lines: 1,
      truncated: true,
    });
    expect(await outcome(fsRead, root, { path: 'file', offset: 9 })).toEqual({
      ...common,
      content: '',
      firstLine: 0,
      lines: 0,
      truncated: false,
    });
  });

  it('gives every byte of a text that ends a line, and none that is not there', async () => {
    const { root } = ground({ ends: 'a\n', empty: '', blank: '\n' });
    expect(await outcome(fsRead, root, { path: 'ends' })).toMatchObject({
      content: 'a\n',
      lines: 1,
    });
    expect(await outcome(fsRead, root, { path: 'blank' })).toMatchObject({
      content: '\n',
      lines: 1,
    });
    expect(await outcome(fsRead, root, { path: 'empty' })).toMatchObject({ content: '' });
  });

  it('cuts what is too long and says so', async () => {
    const { root } = ground({ wide: 'ü'.repeat(200_000), long: 'line\n'.repeat(100_000) });
    const wide = await outcome(fsRead, root, { path: 'wide' });
    expect(wide).toMatchObject({ content: 'ü'.repeat(131_072), truncated: true, lines: 1 });
    const long = await outcome(fsRead, root, { path: 'long', limit: 100_000 });
    expect(long).toMatchObject({ truncated: true, totalLines: 100_000, lines: 52_429 });
  });

  it('gives a binary file as base64, or not at all', async () => {
    const { root } = ground();
    put(root, 'small', Buffer.of(0, 255));
    put(root, 'large', Buffer.alloc(100_000));
    put(root, 'huge', Buffer.alloc(17 * 1024 * 1024));
    expect(await outcome(fsRead, root, { path: 'small' })).toMatchObject({
      encoding: 'base64',
      content: 'AP8=',
    });
    expect(await outcome(fsRead, root, { path: 'large' })).toMatchObject({
      encoding: 'none',
      content: '',
      sizeBytes: 100_000,
      truncated: true,
    });
    expect(await outcome(fsRead, root, { path: 'huge' })).toBe('file.too-large');
  });

  it('fails for what is no file, and refuses what is outside', async () => {
    const { root } = ground({ 'a/b': '1' });
    expect(await outcome(fsRead, root, { path: 'a' })).toBe('file.not-a-file');
    expect(await outcome(fsRead, root, { path: 'none' })).toBe('file.missing');
    expect(await outcome(fsRead, root, { path: '../outside/canary' })).toBe('args.escapes');
    expect(await outcome(fsRead, root, { path: 'a/b', other: 1 })).toBe('args.invalid');
  });

  it('fails when a link has taken the place of the file', async () => {
    const { root, outside } = ground({ file: '1' });
    const normalised = await normalise(fsRead, root, { path: 'file' });
    if (!normalised.ok) throw new Error('refused');
    rmSync(join(root, 'file'));
    symlinkSync(join(outside, 'canary'), join(root, 'file'));
    expect(await execute(fsRead, root, normalised.value)).toMatchObject({
      kind: 'failed',
      failure: { class: 'terminal', code: 'args.changed' },
    });
  });
});

describe('fs.list', () => {
  it('names entries to a depth, links without following them, never the folder of git', async () => {
    const { root, outside } = ground({ 'a/b/c': '12', 'a.txt': '1', '.git/config': '' });
    symlinkSync(outside, join(root, 'link'));
    expect(await outcome(fsList, root, { depth: 2 })).toEqual({
      path: '.',
      entries: [
        { path: 'a', kind: 'folder', sizeBytes: 0 },
        { path: 'a/b', kind: 'folder', sizeBytes: 0 },
        { path: 'a.txt', kind: 'file', sizeBytes: 1 },
        { path: 'link', kind: 'symlink', sizeBytes: 0 },
      ],
      truncated: false,
    });
    expect(await outcome(fsList, root, { path: 'a/b' })).toEqual({
      path: 'a/b',
      entries: [{ path: 'a/b/c', kind: 'file', sizeBytes: 2 }],
      truncated: false,
    });
    expect(await outcome(fsList, root, { path: 'a.txt' })).toBe('file.not-a-folder');
    expect(await outcome(fsList, root, { path: 'link' })).toBe('args.escapes');
  });

  it('is bounded', async () => {
    const { root } = ground();
    for (let index = 0; index < 2001; index += 1) put(root, `f${index}`, '');
    expect(await outcome(fsList, root, {})).toMatchObject({ truncated: true });
  });
});

describe('fs.search', () => {
  const files = {
    'a.ts': 'const x = a.b(c);\nabc\n',
    'src/deep/b.ts': 'ABC a.b(\n',
    'src/c.md': 'a.b(\n',
    '.git/x': 'a.b(\n',
  };

  it('finds literal text', async () => {
    const { root, outside } = ground(files);
    put(root, 'binary', Buffer.from('\0a.b('));
    symlinkSync(join(outside, 'canary'), join(root, 'link'));
    expect(await outcome(fsSearch, root, { pattern: 'a.b(' })).toEqual({
      path: '.',
      matches: [
        { path: 'a.ts', line: 1, text: 'const x = a.b(c);' },
        { path: 'src/c.md', line: 1, text: 'a.b(' },
        { path: 'src/deep/b.ts', line: 1, text: 'ABC a.b(' },
      ],
      files: 3,
      skipped: 1,
      truncated: false,
    });
  });

  it('finds by expression, in files that a glob names, in any case', async () => {
    const { root } = ground(files);
    const args = { pattern: '^a.c', regex: true, ignoreCase: true, glob: '*.ts' };
    expect(await outcome(fsSearch, root, args)).toMatchObject({
      matches: [
        { path: 'a.ts', line: 2, text: 'abc' },
        { path: 'src/deep/b.ts', line: 1, text: 'ABC a.b(' },
      ],
    });
    expect(await outcome(fsSearch, root, { ...args, glob: 'src/**/*.ts', limit: 1 })).toMatchObject(
      {
        matches: [{ path: 'src/deep/b.ts', line: 1, text: 'ABC a.b(' }],
        truncated: false,
      },
    );
    expect(await outcome(fsSearch, root, { pattern: 'a', path: 'a.ts', limit: 1 })).toMatchObject({
      matches: [{ path: 'a.ts', line: 1, text: 'const x = a.b(c);' }],
      truncated: true,
    });
  });

  it('refuses an expression that is none, and ends one that does not end', async () => {
    const { root } = ground({ file: `${'a'.repeat(60)}!` });
    expect(await outcome(fsSearch, root, { pattern: '(', regex: true })).toBe('args.invalid');
    expect(await outcome(fsSearch, root, { pattern: '(', regex: false })).toMatchObject({
      files: 1,
    });
    const endless = { pattern: '^(a+)+$', regex: true };
    expect(await outcome(fsSearch, root, endless)).toBe('search.too-long');
    expect(await outcome(fsSearch, root, { pattern: 'x', path: 'none' })).toBe('file.missing');
  });

  it('stops when it is cancelled', async () => {
    const { root } = ground({ file: `${'a'.repeat(60)}!` });
    const normalised = await normalise(fsSearch, root, { pattern: '^(a+)+$', regex: true });
    if (!normalised.ok) throw new Error('refused');
    const execution = await execute(fsSearch, root, normalised.value, AbortSignal.abort());
    expect(execution).toMatchObject({ kind: 'failed', failure: { code: 'cancelled' } });
  });
});

describe('fs.write', () => {
  it('makes folders and the file', async () => {
    const { root } = ground();
    expect(
      await outcome(fsWrite, root, { path: 'a/b/c', text: 'x\r\n', executable: true }),
    ).toEqual({
      path: 'a/b/c',
      created: true,
      sizeBytes: 3,
      digest: bytesDigest('x\r\n'),
      executable: true,
    });
    expect(readFileSync(join(root, 'a/b/c'), 'utf8')).toBe('x\r\n');
    expect(statSync(join(root, 'a/b/c')).mode & 0o111).not.toBe(0);
    expect(readdirSync(join(root, 'a/b'))).toEqual(['c']);
  });

  it('keeps permissions, and leaves other names of the old file alone', async () => {
    const { root, outside } = ground({ file: 'old' });
    chmodSync(join(root, 'file'), 0o750);
    linkSync(join(root, 'file'), join(outside, 'twin'));
    await outcome(fsWrite, root, { path: 'file', text: 'new' });
    expect(statSync(join(root, 'file')).mode & 0o777).toBe(0o750);
    expect(readFileSync(join(outside, 'twin'), 'utf8')).toBe('old');
    await outcome(fsWrite, root, { path: 'file', text: 'new', executable: false });
    expect(statSync(join(root, 'file')).mode & 0o777).toBe(0o640);
  });

  it('writes where a link inside leads, and says where', async () => {
    const { root } = ground({ 'a/file': 'old' });
    symlinkSync('a/file', join(root, 'link'));
    const normalised = await normalise(fsWrite, root, { path: 'link', text: 'new' });
    expect(normalised).toMatchObject({
      value: {
        args: { path: 'a/file', text: 'new' },
        resolved: { path: 'a/file', kind: 'file' },
        paths: ['a/file'],
        effects: ['write'],
      },
    });
    await outcome(fsWrite, root, { path: 'link', text: 'new' });
    expect(readFileSync(join(root, 'a/file'), 'utf8')).toBe('new');
  });

  it('writes only over what is expected', async () => {
    const { root } = ground({ file: 'old' });
    const write = (path: string, expected: string): Promise<unknown> =>
      outcome(fsWrite, root, { path, text: 'new', expect: expected });
    expect(await write('file', 'absent')).toBe('file.conflict');
    expect(await write('file', bytesDigest('other'))).toBe('file.conflict');
    expect(await write('none', bytesDigest('old'))).toBe('file.conflict');
    expect(readFileSync(join(root, 'file'), 'utf8')).toBe('old');
    expect(await write('file', bytesDigest('old'))).toMatchObject({ created: false });
    expect(await write('new', 'absent')).toMatchObject({ created: true });
  });

  it.each([
    ['a folder', 'a', 'file.not-a-file'],
    ['the workspace itself', '.', 'file.not-a-file'],
    ['the git folder', '.git/hooks/post-commit', 'args.escapes'],
  ])('does not write %s', async (_what, path, code) => {
    const { root } = ground({ 'a/b': '1' });
    expect(await outcome(fsWrite, root, { path, text: 'x' })).toBe(code);
  });

  it('fails when something has come where nothing was', async () => {
    const { root } = ground();
    const normalised = await normalise(fsWrite, root, { path: 'file', text: 'x' });
    if (!normalised.ok) throw new Error('refused');
    mkdirSync(join(root, 'file'));
    expect(await execute(fsWrite, root, normalised.value)).toMatchObject({
      kind: 'failed',
      failure: { code: 'args.changed' },
    });
    expect(readdirSync(root)).toEqual(['file']);
  });
});

describe('fs.write, of what it did', () => {
  const check = (text: string, digest: string) =>
    fsWrite.checkPostconditions?.({ path: 'a', text }, { path: 'a', digest });

  it('finds that something else stands in the file', () => {
    expect(check('é\n', bytesDigest('é\n'))).toBeUndefined();
    expect(check('é\n', bytesDigest('e\n'))).toMatchObject({ code: 'file.conflict' });
  });
});

describe('fs.patch', () => {
  const patch = (
    root: string,
    ...hunks: readonly { find: string; replace: string; count?: number }[]
  ) => outcome(fsPatch, root, { path: 'file', hunks });

  it('applies hunks in order, byte for byte', async () => {
    const { root } = ground({ file: '\ufeffone\r\ntwo $& two\n' });
    chmodSync(join(root, 'file'), 0o755);
    const result = '\ufeff1\r\n$& $1 $1\n';
    expect(
      await patch(
        root,
        { find: 'one\r\ntwo', replace: '1\r\ntwo' },
        { find: 'two $& two', replace: '$& two two' },
        { find: 'two', replace: '$1', count: 2 },
      ),
    ).toEqual({
      path: 'file',
      replaced: 4,
      sizeBytes: Buffer.byteLength(result),
      digest: bytesDigest(result),
    });
    expect(readFileSync(join(root, 'file'), 'utf8')).toBe(result);
    expect(statSync(join(root, 'file')).mode & 0o777).toBe(0o755);
  });

  it('writes nothing when a hunk does not fit', async () => {
    const { root } = ground({ file: 'a b a\n' });
    expect(await patch(root, { find: 'c', replace: '' })).toBe('patch.no-match');
    expect(await patch(root, { find: 'a', replace: '' })).toBe('patch.ambiguous');
    expect(await patch(root, { find: 'a', replace: '', count: 3 })).toBe('patch.ambiguous');
    expect(await patch(root, { find: 'b', replace: '' }, { find: 'b', replace: '' })).toBe(
      'patch.no-match',
    );
    expect(await patch(root, { find: '', replace: 'x' })).toBe('args.invalid');
    expect(readFileSync(join(root, 'file'), 'utf8')).toBe('a b a\n');
  });

  it('refuses what is no text, or is not there', async () => {
    const { root } = ground();
    expect(await patch(root, { find: 'a', replace: 'b' })).toBe('file.missing');
    put(root, 'file', Buffer.of(0xff, 0x61));
    expect(await patch(root, { find: 'a', replace: 'b' })).toBe('file.not-text');
  });
});
