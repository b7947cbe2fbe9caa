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

const roots = ['ci', 'LICENSE', 'absent/', 'link'];

it.each<[string, readonly string[], readonly string[], readonly string[]]>([
  ['all where nothing is lifted', [], roots, []],
  ['all but what is lifted by its name', ['LICENSE'], ['ci', 'absent/', 'link'], []],
  [
    'what is beside a lifted file',
    ['ci/jobs/main'],
    ['LICENSE', 'absent/', 'link', 'ci/jobs/other', 'ci/owners'],
    ['ci', 'ci/jobs'],
  ],
  [
    'what is beside a lifted folder',
    ['ci/jobs'],
    ['LICENSE', 'absent/', 'link', 'ci/owners'],
    ['ci'],
  ],
  [
    'what is beside a file that is not there yet',
    ['ci/new/deep/x'],
    ['LICENSE', 'absent/', 'link', 'ci/jobs', 'ci/owners'],
    ['ci', 'ci/new', 'ci/new/deep'],
  ],
  ['nothing of what is within what is lifted', ['ci'], ['LICENSE', 'absent/', 'link'], []],
  ['all where another name only begins so', ['LICENSE2', 'c'], roots, []],
  ['no place in a folder that is to be made', ['absent/a'], ['ci', 'LICENSE', 'link'], ['absent']],
  ['a link, through which nothing is lifted', ['link/owners'], roots, []],
  ['a file, in which nothing can be', ['LICENSE/a'], roots, []],
])('keeps %s', (_what, lifted, readOnly, open) => {
  const kept = keptOf(workspace, { readOnly: roots, lifted });
  expect({ ...kept, readOnly: kept.readOnly.toSorted() }).toEqual({
    ...{ readOnly: readOnly.toSorted(), open, inPlace: [] },
  });
});

it('keeps no link beside what is lifted, which no mount can', () => {
  symlinkSync('../LICENSE', join(workspace, 'ci/license'));
  const { readOnly } = keptOf(workspace, { readOnly: ['ci'], lifted: ['ci/owners'] });
  expect(readOnly).toEqual(['ci/jobs']);
});

it.each([
  { beside: 127, kept: 129, open: ['ci'], inPlace: [] },
  { beside: 128, kept: 2, open: [], inPlace: ['ci/owners', 'ci/absent'] },
])('keeps the folder as a whole beside more than 128 others: $beside', (seen) => {
  for (let nth = 0; nth < seen.beside; nth += 1) writeFileSync(join(workspace, `ci/${nth}`), '');
  const lifted = ['ci/owners', 'ci/absent', 'free'];
  const { readOnly, open, inPlace } = keptOf(workspace, { readOnly: ['ci', 'LICENSE'], lifted });
  expect({ kept: readOnly.length, open, inPlace }).toEqual({
    ...{ kept: seen.kept, open: seen.open, inPlace: seen.inPlace },
  });
});

it('keeps all where nobody says what is lifted', () => {
  expect(keptOf(workspace, { readOnly: ['ci', 'LICENSE'] })).toEqual({
    ...{ readOnly: ['ci', 'LICENSE'], open: [], inPlace: [] },
  });
});
