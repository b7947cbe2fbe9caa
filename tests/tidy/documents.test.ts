import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { documents, read, root } from './tree.ts';

describe('the documents', () => {
  test.each(documents)('%s links only to what exists', (document) => {
    const links = [...read(document).matchAll(/\]\((?!https?:|mailto:)([^)\s#]+)(#[^)]*)?\)/g)];
    const folder = path.join(root, path.dirname(document));
    const broken = links
      .map(([, to = '']) => to)
      .filter((to) => !existsSync(path.resolve(folder, to)));
    expect(broken).toEqual([]);
  });

  test.each(documents)('%s names only files of the tree that exist', (document) => {
    const named = [
      ...read(document).matchAll(/`((?:packages|apps|scripts|tests|docs|bench)\/[\w./-]+\.\w+)`/g),
    ];
    const missing = named
      .map(([, file = '']) => file)
      .filter((file) => !existsSync(path.join(root, file)));
    expect(missing).toEqual([]);
  });

  test('of the architecture has at most 400 lines: it is a map, not the land', () => {
    const long = documents.filter(
      (document) => /ARCHITECTURE\.md$/.test(document) && read(document).split('\n').length > 400,
    );
    expect(long).toEqual([]);
  });
});
