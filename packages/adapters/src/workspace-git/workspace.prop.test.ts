import { chmodSync, lstatSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { importBase } from './base-import.ts';
import { openOriginObjects } from './origin-objects.ts';
import {
  independentTree,
  newFolder,
  newGround,
  newWorkspace,
  valueOf,
} from './repository-fixture.ts';
import { openSnapshotStore } from './snapshot-store.ts';

const ground = newGround({
  'a/b': 'base\r\n',
  'a/c/d': '$Id$\n',
  e: '',
  '.gitattributes': '* text=auto eol=crlf ident filter=poison\n',
});
afterAll(() => rmSync(ground.folder, { recursive: true, force: true }));

interface Edit {
  readonly path: string;
  readonly what: 'file' | 'program' | 'link' | 'folder' | 'remove';
  readonly content: string;
}

const name = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    'c',
    'd',
    'e',
    'a.b',
    'a-b',
    '.gitattributes',
    '.gitignore',
    '-x',
    ' ',
    '"',
    "'",
    '\\',
  ),
  fc.string({ minLength: 1, maxLength: 4, unit: 'binary' }),
);
const plainName = name.filter(
  (text) =>
    !text.includes('/') &&
    !text.includes('\0') &&
    !['.', '..'].includes(text) &&
    text.toLowerCase() !== '.git',
);
const edit: fc.Arbitrary<Edit> = fc.record({
  path: fc.array(plainName, { minLength: 1, maxLength: 3 }).map((names) => names.join('/')),
  what: fc.constantFrom('file', 'file', 'program', 'link', 'folder', 'remove'),
  content: fc.oneof(
    fc.constantFrom('', 'a\r\nb\n', '$Id$\n', '*\n', '* text eol=crlf\n', 'a/b', '\0\u0001'),
    fc.string({ minLength: 1, maxLength: 8 }),
  ),
});

/** Clears the way to the path, so that any edit can follow any other. */
function clearWay(root: string, path: string): void {
  const names = path.split('/');
  for (let depth = 1; depth < names.length; depth += 1) {
    const place = join(root, ...names.slice(0, depth));
    const stats = lstatSync(place, { throwIfNoEntry: false });
    if (stats !== undefined && !stats.isDirectory()) rmSync(place);
  }
  rmSync(join(root, path), { recursive: true, force: true });
  mkdirSync(dirname(join(root, path)), { recursive: true });
}

function apply(root: string, { path, what, content }: Edit): void {
  const place = join(root, path);
  clearWay(root, path);
  if (what === 'folder') mkdirSync(place);
  else if (what === 'link')
    symlinkSync(content === '' || content.includes('\0') ? 'x' : content, place);
  else if (what !== 'remove') {
    writeFileSync(place, content);
    chmodSync(place, what === 'program' ? 0o755 : 0o644);
  }
}

describe('for any edits', () => {
  it('the digest is the tree of git, known paths give the same, and a rollback undoes them', async () => {
    const here = await newWorkspace(ground, 'property');
    const { root } = here;
    await fc.assert(
      fc.asyncProperty(
        fc.array(edit, { maxLength: 8 }),
        fc.array(edit, { maxLength: 8 }),
        async (first, second) => {
          for (const one of first) apply(root, one);
          const before = valueOf(await here.snapshot());
          expect(before).toBe(independentTree(root));
          for (const one of second) apply(root, one);
          const after = valueOf(await here.snapshot(second.map(({ path }) => path)));
          expect(after).toBe(independentTree(root));
          expect(valueOf(await here.snapshot())).toBe(after);
          await here.restore(before);
          expect(independentTree(root)).toBe(before);
          await here.restore(after);
          expect(independentTree(root)).toBe(after);
        },
      ),
      cases(25),
    );
  });

  it('a commit gives the same tree to a store that has seen nothing', async () => {
    const here = await newWorkspace(ground, 'committing');
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { maxLength: 8 }), async (edits) => {
        for (const one of edits) apply(here.root, one);
        const tree = valueOf(await here.snapshot());
        const commit = await here.commit(tree, 'property\n');
        const home = newFolder();
        const store = await openSnapshotStore(join(home, 'store'));
        const commonDir = join(ground.repository, '.git');
        const folder = join(home, 'origin');
        const origin = await openOriginObjects({ folder, commonDir, format: 'sha1' });
        expect(valueOf(await importBase(store, origin, commit))).toBe(tree);
        rmSync(home, { recursive: true });
      }),
      cases(10),
    );
  });
});
