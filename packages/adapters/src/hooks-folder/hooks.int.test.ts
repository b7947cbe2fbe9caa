import { execFile } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Hook } from '@chancery/domain/notifications';
import { done, refused } from '@chancery/kernel/refusal';
import type { RunLocks } from '@chancery/runtime/drive';
import { folderHookPlaces, hooksFolder } from './index.ts';

const desk: Hook = {
  name: 'desk',
  on: ['run.finished'],
  channels: [],
  to: { type: 'command', argv: ['true'] },
};
const ops: Hook = { ...desk, name: 'ops', to: { type: 'webhook', url: 'https://example.org/' } };

/** Locks of this process alone. */
const taken = new Set<string>();
const locks: RunLocks = {
  acquire: async (name) => {
    if (taken.has(name)) return refused('run.driven', name);
    taken.add(name);
    return done(async () => void taken.delete(name));
  },
};

let base: string;
let folder: string;

beforeEach(() => {
  taken.clear();
  base = mkdtempSync(join(tmpdir(), 'hooks-'));
  folder = join(base, 'hooks');
});

afterEach(() => {
  rmSync(base, { recursive: true });
});

const invalid = { ok: false, refusal: { code: 'hook.invalid' } };

describe('the hooks of a folder', () => {
  it('are none where there is no folder, and refused where that is none', () => {
    expect(hooksFolder(folder).list()).toEqual({ ok: true, value: [] });
    writeFileSync(folder, '');
    expect(hooksFolder(folder).list()).toMatchObject(invalid);
  });

  it('are those that were added and not removed, for their user alone', () => {
    const hooks = hooksFolder(folder);
    expect(hooks.add(desk, 3, null).ok).toBe(true);
    expect(hooks.add(ops, 4, 'whsec_x').ok).toBe(true);
    expect(hooks.list()).toEqual({ ok: true, value: [desk, ops] });
    expect(hooks.secret('ops')).toEqual({ ok: true, value: 'whsec_x' });
    for (const file of readdirSync(folder)) {
      expect([file, statSync(join(folder, file)).mode & 0o777]).toEqual([file, 0o600]);
    }
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(hooks.remove('ops').ok).toBe(true);
    expect(hooks.list()).toEqual({ ok: true, value: [desk] });
    expect(readdirSync(folder).sort()).toEqual(['desk.json', 'desk.position']);
  });

  it('have names of their own, and forms that can be read', () => {
    const hooks = hooksFolder(folder);
    hooks.add(desk, 0, null);
    expect(hooks.add(desk, 9, null)).toMatchObject({ refusal: { code: 'hook.exists' } });
    expect(hooks.add({ ...desk, name: '../desk' }, 0, null)).toMatchObject(invalid);
    for (const name of ['other', '../desk', '']) {
      expect(hooks.remove(name)).toMatchObject({ refusal: { code: 'hook.unknown' } });
    }
    expect(readFileSync(join(folder, 'desk.position'), 'utf8')).toBe('0');
  });

  it('are all there that were added at the same moment, and one of each name', async () => {
    const script = `
      const { hooksFolder } = await import('./index.ts');
      const [folder, hook] = process.argv.slice(1);
      for (const name of ['a', 'b', 'c', 'd']) {
        const own = name + process.argv[3];
        hooksFolder(folder).add({ ...JSON.parse(hook), name: own }, 0, null);
        const shared = hooksFolder(folder).add({ ...JSON.parse(hook), name }, 0, own);
        if (shared.ok) process.stdout.write(own + ' ');
      }`;
    const adding = ['1', '2', '3'].map(async (which) => {
      const args = ['--input-type=module', '-e', script, folder, JSON.stringify(desk), which];
      const run = promisify(execFile);
      return (await run(process.execPath, args, { cwd: import.meta.dirname })).stdout;
    });
    const won = (await Promise.all(adding)).join('').trim().split(' ').sort();
    expect(won.map((each) => each[0])).toEqual(['a', 'b', 'c', 'd']);
    const hooks = hooksFolder(folder);
    expect(won.map((each) => hooks.secret(each.slice(0, 1)))).toEqual(won.map((own) => done(own)));
    const listed = hooks.list();
    expect(listed.ok ? listed.value : []).toHaveLength(16);
  });

  it.each([
    ...['', '{', '[]', '{"v":1}', JSON.stringify({ v: 2, hook: desk, secret: null })],
    ...[JSON.stringify({ v: 1, hook: ops, secret: null }), '{"v":1,"hook":{},"secret":null}'],
    ...[JSON.stringify({ v: 1, hook: desk, secret: 1 }), '{"v":1,"v":1,"hook":{},"secret":null}'],
    JSON.stringify({ v: 1, hook: desk, secret: null, more: 1 }),
  ])('are refused where a file holds %j, until it is removed', (text) => {
    const hooks = hooksFolder(folder);
    hooks.add(desk, 0, null);
    hooks.add(ops, 0, null);
    writeFileSync(join(folder, 'desk.json'), text);
    expect(hooks.list()).toMatchObject(invalid);
    expect(hooks.add(desk, 9, null)).toMatchObject({ refusal: { code: 'hook.exists' } });
    expect(readFileSync(join(folder, 'desk.json'), 'utf8')).toBe(text);
    expect(hooks.remove('desk').ok).toBe(true);
    expect(hooks.list()).toEqual({ ok: true, value: [ops] });
  });

  it('have no secret where none was kept', () => {
    const hooks = hooksFolder(folder);
    expect(hooks.secret('desk')).toMatchObject(invalid);
    hooks.add(desk, 0, null);
    expect(hooks.secret('desk')).toMatchObject(invalid);
  });
});

describe('the place of a hook', () => {
  it('is where it was added, then what was written last, in another process too', async () => {
    hooksFolder(folder).add(desk, 7, null);
    const first = await folderHookPlaces(folder, locks).acquire(desk);
    expect(await first?.read()).toBe(7);
    await first?.write(12);
    await first?.release();
    const second = await folderHookPlaces(folder, locks).acquire(desk);
    expect(await second?.read()).toBe(12);
    await second?.release();
  });

  it('is with one at a time', async () => {
    const places = folderHookPlaces(folder, locks);
    const first = await places.acquire(desk);
    expect(await folderHookPlaces(folder, locks).acquire(desk)).toBeUndefined();
    expect(await folderHookPlaces(folder, locks).acquire(ops)).toBeDefined();
    await first?.release();
    expect(await folderHookPlaces(folder, locks).acquire(desk)).toBeDefined();
  });

  it('is nowhere for a hook that is new', async () => {
    const place = await folderHookPlaces(folder, locks).acquire(desk);
    expect(await place?.read()).toBeUndefined();
  });

  it('that cannot be read or written is refused', async () => {
    mkdirSync(join(folder, 'desk.position'), { recursive: true });
    const place = await folderHookPlaces(folder, locks).acquire(desk);
    const unreachable = { refusal: { code: 'hook.unreachable' } };
    await expect(place?.read()).rejects.toMatchObject(unreachable);
    await expect(place?.write(1)).rejects.toMatchObject(unreachable);
  });

  it.each(['', 'x', '-1', '1.5', '01', '9'.repeat(16), '3\n'])('is not %j', async (text) => {
    hooksFolder(folder).add(desk, 0, null);
    writeFileSync(join(folder, 'desk.position'), text);
    const place = await folderHookPlaces(folder, locks).acquire(desk);
    await expect(place?.read()).rejects.toMatchObject({ refusal: { code: 'hook.invalid' } });
  });
});
