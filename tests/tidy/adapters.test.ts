import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('the map names every adapter once, and none that is not there', () => {
  const folders = readdirSync('packages/adapters/src', { withFileTypes: true });
  const [, section = ''] = readFileSync('ARCHITECTURE.md', 'utf8').split('\n### Adapters\n');
  const [list = ''] = section.split('\n## ');
  const named = [...list.matchAll(/`([a-z\d]+(?:-[a-z\d]+)+)`/g)].map(([, name]) => name);
  expect(named.sort()).toEqual(
    folders.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort(),
  );
});
