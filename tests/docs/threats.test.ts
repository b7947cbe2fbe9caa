import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { read, root } from '../tidy/tree.ts';

const pages = ['docs/concepts/threat-model.md', 'SECURITY.md'];

interface Row {
  readonly threat: string;
  readonly shownBy: string;
}

/** Rows of the tables of a page whose last column says which tests show the answer. */
function rowsOf(page: string): readonly Row[] {
  let isShown = false;
  const rows: Row[] = [];
  for (const line of read(page).split('\n')) {
    const cells = line.startsWith('|') ? line.split(/(?<!\\)\|/).slice(1, -1) : [];
    const [threat = '', last = ''] = [cells[0]?.trim(), cells.at(-1)?.trim()];
    if (cells.length === 0) isShown = false;
    else if (last === 'shown by') isShown = true;
    else if (isShown && !/^-+$/.test(last)) rows.push({ threat, shownBy: last });
  }
  return rows;
}

describe.each(pages)('the tests that %s names', (page) => {
  const rows = rowsOf(page);

  it('are for many threats', () => {
    expect(rows.length).toBeGreaterThan(20);
  });

  it.each(rows)('exist, with their titles: $threat', ({ shownBy }) => {
    const files = [...shownBy.matchAll(/`([^`]+)`((?:[:;]? “[^”]+”)*)/g)];
    expect(files.length).toBeGreaterThan(0);
    for (const [, file = '', titles = ''] of files) {
      expect([file, existsSync(path.join(root, file))]).toEqual([file, true]);
      if (statSync(path.join(root, file)).isDirectory()) continue;
      const text = read(file);
      for (const [, title = ''] of titles.matchAll(/“([^”]+)”/g)) {
        expect([title, text.includes(`'${title}'`)]).toEqual([title, true]);
      }
    }
  });
});

/** Records of the field, by number; a class without any has its words. */
const published = [
  ...['CVE-2025-54794', 'CVE-2025-54795', 'CVE-2025-58764', 'CVE-2025-61260', 'CVE-2025-64755'],
  ...['CVE-2025-65099', 'CVE-2025-66032', 'CVE-2026-21852', 'CVE-2026-25722', 'CVE-2026-25724'],
  'CVE-2026-25725',
];

it.each(published)('the class of %s is answered in SECURITY.md', (record) => {
  const rows = read('SECURITY.md').split('\n');
  expect(rows.filter((row) => row.startsWith('|') && row.includes(record))).toHaveLength(1);
});
