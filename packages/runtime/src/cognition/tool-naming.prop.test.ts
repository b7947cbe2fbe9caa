import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { toolNaming } from './index.ts';

test('a dot becomes an underscore', () => {
  const naming = toolNaming(['fs.read', 'git.status', 'savepoint']);

  expect(['fs.read', 'git.status', 'savepoint'].map(naming.aliasOf)).toEqual([
    'fs_read',
    'git_status',
    'savepoint',
  ]);
  expect(naming.nameOf('fs_read')).toBe('fs.read');
});

test('names that would share an alias are told apart', () => {
  const naming = toolNaming(['fs.read', 'fs_read', 'fs-read', 'fs/read']);

  expect(['fs.read', 'fs_read', 'fs-read', 'fs/read'].map(naming.aliasOf)).toEqual([
    'fs_read',
    'fs_read_2',
    'fs-read',
    'fs_read_3',
  ]);
});

test('a name that was not offered comes back as it is', () => {
  expect(toolNaming(['fs.read']).nameOf('rm_rf')).toBe('rm_rf');
});

const awkwardNames = fc.array(
  fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 80 }),
    fc.string({ unit: fc.constantFrom('a', '.', '_', '2'), maxLength: 6 }),
    fc.string({ unit: fc.constantFrom('a', '.'), minLength: 60, maxLength: 70 }),
  ),
  { maxLength: 30 },
);

test('every name has an alias of its own that a provider accepts, and comes back from it', () => {
  fc.assert(
    fc.property(awkwardNames, (names) => {
      const naming = toolNaming(names);
      for (const name of names) {
        expect(naming.aliasOf(name)).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
        expect(naming.nameOf(naming.aliasOf(name))).toBe(name);
      }
      expect(new Set(names.map(naming.aliasOf)).size).toBe(new Set(names).size);
    }),
    cases(100),
  );
});
