import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { referencePages } from './reference.ts';

const root = path.resolve(import.meta.dirname, '../..');

const pages = await referencePages();

it.each(pages.map((page) => [page.file, page] as const))(
  '%s is what `npm run generate` makes of the present code',
  (file, page) => {
    expect(readFileSync(path.join(root, file), 'utf8')).toBe(page.text);
  },
);
