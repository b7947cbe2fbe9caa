import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadWrit } from './authority/writ-file.ts';
import { modelOf } from './compose/models.ts';
import { openExportFile } from './evidence/export-file.ts';
import { failureOf } from './exit.ts';
import { readNamedFile } from './named-file.ts';
import { privateText } from './secrets/private-text.ts';

const mebibyte = 1024 * 1024;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'chancery-named-'));
  execFileSync('mkfifo', ['-m', '600', join(folder, 'pipe')]);
  for (const [name, size] of [
    ['full', 16 * mebibyte],
    ['over', 16 * mebibyte + 1],
  ] as const) {
    writeFileSync(join(folder, name), '');
    truncateSync(join(folder, name), size);
    chmodSync(join(folder, name), 0o600);
  }
  symlinkSync(join(folder, 'full'), join(folder, 'link'));
});

afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  ['pipe', 'is no regular file'],
  ['/dev/zero', 'is no regular file'],
  ['.', 'is no regular file'],
  ['over', 'has more than 16777216 bytes'],
  ['none', 'cannot be read (ENOENT)'],
])('%s %s, and nothing of it is taken', (name, why) => {
  expect(readNamedFile(join(name.startsWith('/') ? '' : folder, name))).toMatchObject({
    kind: 'none',
    why,
  });
});

it('as much as may be read is read, also through a link unless none is to be followed', () => {
  for (const name of ['full', 'link']) {
    const read = readNamedFile(join(folder, name));
    expect(read.kind === 'bytes' && read.bytes.length).toBe(16 * mebibyte);
  }
  expect(readNamedFile(join(folder, 'link'), { links: false })).toMatchObject({ code: 'ELOOP' });
});

it('a pipe is not waited for, whatever it is named for', async () => {
  const pipe = join(folder, 'pipe');
  expect(loadWrit(pipe)).toMatchObject({ refusal: { code: 'usage.invalid' } });
  expect(privateText(pipe)).toEqual({ kind: 'none', why: 'is no regular file' });
  const scripted = { provider: 'scripted', baseUrl: undefined, price: undefined, why: '' } as const;
  expect(await modelOf({ ...scripted, name: pipe }, {})).toMatchObject({
    refusal: { code: 'model.script-invalid', message: `${pipe} is no regular file` },
  });
  const refused = await openExportFile(pipe, 'r').then(() => undefined, failureOf);
  expect(refused).toMatchObject({ code: 'usage.invalid', message: `${pipe} is not a file` });
});
