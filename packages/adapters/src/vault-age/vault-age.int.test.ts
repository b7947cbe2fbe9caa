import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Decrypter } from 'age-encryption';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { done, refused, RefusalError, type Result } from '@chancery/kernel/refusal';
import type { RunLocks } from '@chancery/runtime/drive';
import {
  ageVault,
  openWithPassphrase,
  sealWithPassphrase,
  type AgeVault,
  type OpenVault,
} from './index.ts';

const value = 'correct horse battery';
let folder: string;
let file: string;
let identityFile: string;
let vault: AgeVault;
let locks: RunLocks;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vault-age-'));
  file = join(folder, 'vault.age');
  identityFile = join(folder, 'keys', 'vault.identity');
  let nowMs = 1_000;
  locks = locksOfProcess();
  vault = ageVault({ file, identityFile, locks, nowMs: () => (nowMs += 10), waitMs: 100 });
});

/** Locks within this process; what processes do to each other is tested with those of the system. */
function locksOfProcess(): RunLocks {
  const held = new Set<string>();
  return {
    acquire: (run) => {
      if (held.has(run)) return Promise.resolve(refused('run.driven', 'it is held'));
      held.add(run);
      return Promise.resolve(
        done(() => {
          held.delete(run);
          return Promise.resolve();
        }),
      );
    },
  };
}

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function had<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new RefusalError(result.refusal);
}

async function opened(): Promise<OpenVault> {
  had(await vault.init());
  return had(await vault.unlock());
}

const refusedAs = (code: string) => ({ ok: false, refusal: { code } });

function everyByte(): Buffer {
  return Buffer.concat(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name))),
  );
}

describe('a vault', () => {
  it('gives back what was set, and tells of it without its value', async () => {
    const open = await opened();
    had(await open.set({ name: 'b.token', value, scope: 'plan:x' }));
    had(await open.set({ name: 'a', value: `${value}\nof two lines` }));
    expect(await open.list()).toEqual({
      ok: true,
      value: [
        { name: 'a', scope: 'global', setAtMs: 1_020 },
        { name: 'b.token', scope: 'plan:x', setAtMs: 1_010 },
      ],
    });
    expect(had(await open.lend('a'))).toMatchObject({ value: `${value}\nof two lines` });
    expect(await open.find('b.token')).toEqual({
      ok: true,
      value: { name: 'b.token', scope: 'plan:x', setAtMs: 1_010 },
    });
    expect(await open.lend('b')).toMatchObject(refusedAs('vault.unknown-secret'));
  });

  it('keeps the hosts of a secret, in a form that no version reads that would lend it to others', async () => {
    const open = await opened();
    const versionOf = async (): Promise<unknown> => {
      const decrypter = new Decrypter();
      decrypter.addIdentity(readFileSync(identityFile, 'utf8').trim());
      const text = await decrypter.decrypt(readFileSync(file), 'text');
      return (JSON.parse(text) as { readonly v: unknown }).v;
    };
    had(await open.set({ name: 'a', value }));
    expect(await versionOf()).toBe(1);
    const hosts = ['*.example.org:443', 'api.example.net:8443'];
    had(await open.set({ name: 'b', value, hosts }));
    had(await open.set({ name: 'b', value: 'another value' }));
    expect(await versionOf()).toBe(2);
    expect(had(await open.find('b'))).toMatchObject({ hosts });
    expect(had(await open.find('a'))).not.toHaveProperty('hosts');
    had(await open.remove('b'));
    expect(await versionOf()).toBe(1);
  });

  it.each([
    [[]],
    [['a.b']],
    [['b.c:1', 'a.b:1']],
    [['a.b:1', 'a.b:1']],
    [['A.b:443']],
    [['*:443']],
  ])('keeps no secret of hosts in another form: %j', async (hosts) => {
    const open = await opened();
    expect(await open.set({ name: 'a', value, hosts })).toMatchObject(refusedAs('vault.invalid'));
  });

  it('is of files for their owner alone, and shows neither name nor value', async () => {
    const open = await opened();
    had(await open.set({ name: 'deploy-token', value }));
    for (const each of [file, identityFile]) expect(statSync(each).mode & 0o777).toBe(0o600);
    for (const text of [value, 'deploy-token', Buffer.from(value).toString('base64')]) {
      expect(everyByte().includes(text)).toBe(false);
    }
    expect(readdirSync(folder).sort()).toEqual(['keys', 'vault.age']);
  });

  it('is an age file that the key in its file opens', async () => {
    had(await (await opened()).set({ name: 'a', value }));
    const decrypter = new Decrypter();
    decrypter.addIdentity(readFileSync(identityFile, 'utf8').trim());
    expect(await decrypter.decrypt(readFileSync(file), 'text')).toContain(value);
  });

  it('keeps scope and earlier values of what is replaced, and forgets all of what is removed', async () => {
    const open = await opened();
    expect(had(await open.set({ name: 'a', value, scope: 'plan:x' })).replaced).toBe(false);
    expect(had(await open.set({ name: 'a', value: 'another value' })).replaced).toBe(true);
    expect(had(await open.lend('a'))).toEqual({
      ...{ name: 'a', scope: 'plan:x', setAtMs: 1_020, value: 'another value' },
      earlier: [{ value, setAtMs: 1_010 }],
    });
    had(await open.remove('a'));
    expect(await open.list()).toEqual({ ok: true, value: [] });
    expect(await open.remove('a')).toMatchObject(refusedAs('vault.unknown-secret'));
    expect(had(await open.set({ name: 'a', value })).entry.scope).toBe('global');
  });

  it.each([
    ['name', { name: 'A', value }],
    ['name', { name: '', value }],
    ['name', { name: 'a'.repeat(64), value }],
    ['scope', { name: 'a', value, scope: 'all' }],
    ['scope', { name: 'a', value, scope: 'agent:somebody' }],
    ['scope', { name: 'a', value, scope: 'plan:' }],
    ['value', { name: 'a', value: '1234567' }],
    ['value', { name: 'a', value: '   1234567  ' }],
    ['value', { name: 'a', value: 'with\0a NUL' }],
    ['value', { name: 'a', value: 'a half \ud800' }],
    ['value', { name: 'a', value: 'x'.repeat(40_000) }],
  ])('takes no secret with an unfit %s', async (_, request) => {
    const open = await opened();
    const before = readFileSync(file);
    const set = await open.set(request);
    expect(set).toMatchObject(refusedAs('vault.invalid'));
    if (request.value !== value) expect(JSON.stringify(set)).not.toContain(request.value);
    expect(readFileSync(file)).toEqual(before);
  });

  it('is made once, and never in the place of half of one', async () => {
    const open = await opened();
    had(await open.set({ name: 'a', value }));
    const before = readFileSync(file);
    expect(await vault.init()).toMatchObject(refusedAs('vault.exists'));
    expect(readFileSync(file)).toEqual(before);
    rmSync(file);
    expect(await vault.init()).toMatchObject(refusedAs('vault.corrupt'));
    expect(await open.list()).toMatchObject(refusedAs('vault.missing'));
    rmSync(identityFile);
    writeFileSync(file, before, { mode: 0o600 });
    expect(await vault.init()).toMatchObject(refusedAs('vault.exists'));
    expect(vault.isSealed()).toMatchObject(refusedAs('vault.missing'));
  });
});

describe('a vault that is amiss', () => {
  const flipped = (path: string, at: number): void => {
    const bytes = readFileSync(path);
    const index = at < 0 ? bytes.length + at : at;
    bytes[index] = (bytes[index] ?? 0) ^ 1;
    writeFileSync(path, bytes);
  };

  it.each([
    ['readable by others', 'vault.exposed', () => chmodSync(file, 0o604)],
    ['with a key that others may read', 'vault.exposed', () => chmodSync(identityFile, 0o640)],
    ['gone', 'vault.missing', () => rmSync(file)],
    ['without its key', 'vault.missing', () => rmSync(identityFile)],
    ['empty', 'vault.corrupt', () => truncateSync(file)],
    ['cut off in its head', 'vault.corrupt', () => truncateSync(file, 60)],
    ['cut off at its end', 'vault.corrupt', () => truncateSync(file, statSync(file).size - 1)],
    ['changed in its head', 'vault.corrupt', () => flipped(file, 60)],
    ['changed at its end', 'vault.corrupt', () => flipped(file, -1)],
    ['no file', 'vault.corrupt', () => becomeFolder(file)],
    ['with another text as its key', 'vault.corrupt', () => writeFileSync(identityFile, 'key')],
  ])('%s opens for nobody, and is not written', async (_, code, harm) => {
    const open = await opened();
    had(await open.set({ name: 'a', value }));
    harm();
    const size = statSync(file, { throwIfNoEntry: false })?.size;
    expect(await vault.unlock()).toMatchObject(refusedAs(code));
    for (const answer of [
      await open.list(),
      await open.lend('a'),
      await open.set({ name: 'b', value }),
      await open.remove('a'),
      await open.rotate(undefined),
    ]) {
      expect(answer).toMatchObject(refusedAs(code));
    }
    expect(statSync(file, { throwIfNoEntry: false })?.size).toBe(size);
  });

  it('that is there and cannot be read is no reason to make another, nor a key', async () => {
    symlinkSync(file, file);
    expect(await vault.init()).toMatchObject(refusedAs('vault.corrupt'));
    expect(existsSync(identityFile)).toBe(false);
  });

  it('is for the key of another vault', async () => {
    await opened();
    copyFileSync(file, `${file}.kept`);
    rmSync(file);
    rmSync(identityFile);
    had(await vault.init());
    copyFileSync(`${file}.kept`, file);
    expect(await vault.unlock()).toMatchObject(refusedAs('vault.corrupt'));
  });

  it('is changed by another process for too long', async () => {
    const open = await opened();
    const lock = had(await locks.acquire('vault'));
    expect(await open.set({ name: 'a', value })).toMatchObject(refusedAs('vault.busy'));
    await lock();
    had(await open.set({ name: 'a', value }));
  });
});

function becomeFolder(path: string): void {
  rmSync(path);
  mkdirSync(path, { mode: 0o700 });
}

describe('the key of a vault', () => {
  it('opens by its passphrase alone, which can be changed and dropped', async () => {
    had(await vault.init('the first one'));
    expect(vault.isSealed()).toEqual({ ok: true, value: true });
    expect(readFileSync(identityFile, 'utf8')).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----/);
    expect(await vault.unlock()).toMatchObject(refusedAs('vault.locked'));
    expect(await vault.unlock('the second')).toMatchObject(refusedAs('passphrase.wrong'));
    const open = had(await vault.unlock('the first one'));
    had(await open.set({ name: 'a', value }));
    had(await open.setPassphrase('the second one'));
    expect(await vault.unlock('the first one')).toMatchObject(refusedAs('passphrase.wrong'));
    had(await open.setPassphrase(undefined));
    expect(had(await had(await vault.unlock()).lend('a')).value).toBe(value);
    expect(statSync(identityFile).mode & 0o777).toBe(0o600);
  });

  it('is taken up anew when another process has rotated it, where it needs no passphrase', async () => {
    const open = await opened();
    had(await open.set({ name: 'a', value }));
    const other = had(await vault.unlock());
    had(await other.rotate(undefined));
    expect(had(await open.lend('a')).value).toBe(value);
    had(await other.setPassphrase('a passphrase'));
    expect(await open.lend('a')).toMatchObject(refusedAs('vault.locked'));
    expect(had(await other.lend('a')).value).toBe(value);
  });

  it('that was rotated away opens nothing any more', async () => {
    const open = await opened();
    const before = readFileSync(identityFile);
    had(await open.set({ name: 'a', value }));
    had(await open.rotate(undefined));
    expect(readFileSync(identityFile)).not.toEqual(before);
    writeFileSync(identityFile, before);
    expect(await vault.unlock()).toMatchObject(refusedAs('vault.corrupt'));
  });
});

describe('a text under a passphrase', () => {
  it('opens with that one, and whole', async () => {
    const sealed = await sealWithPassphrase('a text', 'a passphrase');
    expect(sealed).not.toContain('a text');
    expect(await openWithPassphrase(sealed, 'a passphrase')).toEqual({
      kind: 'opened',
      text: 'a text',
    });
    expect(await openWithPassphrase(sealed, 'a passphrasf')).toEqual({ kind: 'not-for-us' });
    expect(await openWithPassphrase(sealed.slice(9), 'a passphrase')).toEqual({ kind: 'broken' });
  });
});
