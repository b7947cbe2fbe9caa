import { mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { isJsonObject } from '@chancery/kernel/encoding';
import { execute, newGround, normalise, outcome } from './ground-fixture.ts';
import { fsList } from './list.ts';
import { fsRead } from './read.ts';
import { fsWrite } from './write.ts';
import { parsePath, resolvePath } from './workspace-path.ts';

const part = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    'out',
    'up',
    'in',
    'loop',
    'abs',
    '..',
    '.',
    '',
    '.git',
    '.GIT',
    'git~1',
  ),
  fc.constantFrom(
    'canary',
    '.git ',
    '.g\u200bit',
    '...',
    '..\\..',
    '\\',
    'C:',
    '%2e%2e',
    '\0',
    '\ud800',
  ),
  fc.string({ maxLength: 4, unit: 'binary' }),
);
const path = fc.oneof(
  fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('/')),
  fc.array(part, { maxLength: 4 }).map((parts) => `/${parts.join('/')}`),
  fc.array(part, { maxLength: 4 }).map((parts) => `../outside/${parts.join('/')}`),
);

const ground = newGround({ 'a/b': 'inside', b: 'inside' });
const { root, outside } = ground;
symlinkSync(outside, join(root, 'out'));
symlinkSync('../..', join(root, 'a/up'));
symlinkSync('a', join(root, 'in'));
symlinkSync('loop', join(root, 'loop'));
symlinkSync(join(root, 'a'), join(root, 'abs'));
mkdirSync(join(root, '.git'));
afterAll(() => rmSync(dirname(root), { recursive: true }));

describe('for any path', () => {
  it('nothing outside the workspace is read', async () => {
    await fc.assert(
      fc.asyncProperty(path, async (text) => {
        const read = await outcome(fsRead, root, { path: text });
        if (isJsonObject(read)) expect(read['content']).not.toBe('canary');
        const listed = await outcome(fsList, root, { path: text, depth: 3 });
        if (isJsonObject(listed)) expect(JSON.stringify(listed)).not.toContain('canary');
      }),
      cases(400),
    );
  });

  it('nothing outside the workspace, and nothing of git, is written', async () => {
    await fc.assert(
      fc.asyncProperty(path, async (text) => {
        await outcome(fsWrite, root, { path: text, text: 'inside' });
        expect(readFileSync(join(outside, 'canary'), 'utf8')).toBe('canary');
        expect(readdirSync(outside)).toEqual(['canary']);
        expect(readdirSync(dirname(root)).toSorted()).toEqual(['outside', 'root']);
        expect(readdirSync(join(root, '.git'))).toEqual([]);
      }),
      cases(300),
    );
  });

  it('the normal form is its own normal form', () => {
    fc.assert(
      fc.property(path, (text) => {
        const once = resolvePath(root, text);
        if (!once.ok) return;
        expect(resolvePath(root, once.value.path)).toEqual(once);
        expect(parsePath(once.value.path).ok).toBe(true);
      }),
      cases(500),
    );
  });

  it('a link put in the place of a folder after the check leads nowhere', async () => {
    const place = newGround({});
    const names = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(names, fc.nat(), fc.boolean(), async (parts, where, exists) => {
        rmSync(place.root, { recursive: true });
        mkdirSync(join(place.root, ...parts.slice(0, -1)), { recursive: true });
        mkdirSync(join(place.outside, ...parts.slice(0, -1)), { recursive: true });
        if (exists) await outcome(fsWrite, place.root, { path: parts.join('/'), text: 'old' });
        const args = { path: parts.join('/'), text: 'new' };
        const normalised = await normalise(fsWrite, place.root, args);
        if (!normalised.ok) throw new Error(normalised.refusal.message);
        const depth = where % parts.length;
        const swapped = join(place.root, ...parts.slice(0, depth + 1));
        rmSync(swapped, { recursive: true, force: true });
        symlinkSync(join(place.outside, ...parts.slice(0, depth)), swapped);
        const execution = await execute(fsWrite, place.root, normalised.value);
        expect(execution).toMatchObject({ kind: 'failed', failure: { code: 'args.changed' } });
        expect(readFileSync(join(place.outside, 'canary'), 'utf8')).toBe('canary');
        const all = readdirSync(place.outside, { recursive: true, withFileTypes: true });
        expect(all.filter((entry) => entry.isFile()).map(({ name }) => name)).toEqual(['canary']);
      }),
      cases(60),
    );
    rmSync(dirname(place.root), { recursive: true });
  });
});
