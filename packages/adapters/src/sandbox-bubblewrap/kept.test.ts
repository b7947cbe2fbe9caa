import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keptOf } from './kept.ts';

let workspace: string;

beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'chancery-kept-'));
  for (const path of ['ci/jobs/main', 'ci/jobs/other', 'ci/owners', 'LICENSE']) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true });
    writeFileSync(join(workspace, path), '');
  }
  symlinkSync('ci', join(workspace, 'link'));
});

afterEach(() => {
  rmSync(workspace, { recursive: true, force: true });
});

it.each<[string, readonly string[], readonly string[]]>([
  ['all where nothing is lifted', [], ['ci', 'LICENSE', 'absent/', 'link']],
  ['all but what is lifted by its name', ['LICENSE'], ['ci', 'absent/', 'link']],
  ['what is beside a lifted file', ['ci/jobs/main'], ['ci/jobs/other', 'ci/owners']],
  ['what is beside a lifted folder', ['ci/jobs'], ['ci/owners']],
  ['what is beside a file that is not there yet', ['ci/new'], ['ci/jobs', 'ci/owners']],
  ['nothing of what is within what is lifted', ['ci'], ['LICENSE', 'absent/', 'link']],
  [
    'all where another name only begins so',
    ['LICENSE2', 'c'],
    ['ci', 'LICENSE', 'absent/', 'link'],
  ],
  ['no place in a folder that is to be made', ['absent/a'], ['ci', 'LICENSE', 'link']],
  [
    'a link, through which nothing is lifted',
    ['link/owners'],
    ['ci', 'LICENSE', 'absent/', 'link'],
  ],
])('keeps %s', (_what, lifted, kept) => {
  const readOnly = ['ci', 'LICENSE', 'absent/', 'link'];
  const all = lifted.some((path) => path.startsWith('ci/'))
    ? [...kept, 'LICENSE', 'absent/', 'link']
    : kept;
  expect(keptOf(workspace, { readOnly, lifted }).toSorted()).toEqual([...all].sort());
});

it('keeps all where nobody says what is lifted', () => {
  expect(keptOf(workspace, { readOnly: ['ci', 'LICENSE'] })).toEqual(['ci', 'LICENSE']);
});
