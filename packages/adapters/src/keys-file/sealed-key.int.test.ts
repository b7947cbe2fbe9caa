import {
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifySignature } from '@chancery/kernel/encoding';
import { done, refused, RefusalError, type Result } from '@chancery/kernel/refusal';
import {
  changeSeal,
  createKey,
  createSealedKey,
  listKeys,
  loadKey,
  openSealedKey,
  pendingSuccessor,
  prepareSuccessor,
  putInPlace,
  readStoredKey,
  type Seal,
  type Unseal,
} from './index.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'sealed-')), 'keys');
  file = join(folder, 'owner.key.json');
});

afterEach(() => {
  rmSync(join(folder, '..'), { recursive: true });
});

/** Stands for a passphrase: what is encrypted is tested with age itself, in its adapter. */
const sealBy =
  (word: string): Seal =>
  (text) =>
    Promise.resolve(Buffer.from(`${word}\n${text}`).toString('hex'));
const openBy =
  (word: string): Unseal =>
  (sealed) => {
    const text = Buffer.from(sealed, 'hex').toString();
    return Promise.resolve(
      text.startsWith(`${word}\n`)
        ? done(text.slice(word.length + 1))
        : refused('passphrase.wrong', 'another word'),
    );
  };

function had<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new RefusalError(result.refusal);
}

const refusedAs = (code: string) => ({ ok: false, refusal: { code } });
const message = new TextEncoder().encode('a message');

describe('a key under a passphrase', () => {
  it('tells who it is without, and signs with it alone', async () => {
    const { id, signer } = had(await createSealedKey(folder, 'owner', sealBy('a')));
    expect(had(readStoredKey(file))).toMatchObject({ id, label: 'owner', file });
    expect(listKeys(folder)).toEqual({ ok: true, value: [{ id, label: 'owner', file }] });
    expect(loadKey(file)).toMatchObject(refusedAs('passphrase.missing'));
    expect(await openSealedKey(file, openBy('b'))).toMatchObject(refusedAs('passphrase.wrong'));
    const opened = had(await openSealedKey(file, openBy('a')));
    expect(verifySignature(id, message, opened.signer.sign(message))).toBe(true);
    expect(opened.signer.id).toBe(signer.id);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['owner.key.json']);
  });

  it('is never made in the place of another', async () => {
    const before = had(createKey(folder, 'owner'));
    expect(await createSealedKey(folder, 'owner', sealBy('a'))).toMatchObject(
      refusedAs('key.exists'),
    );
    expect(had(loadKey(file)).id).toBe(before.id);
    expect(await createSealedKey(folder, 'Owner', sealBy('a'))).toMatchObject(
      refusedAs('key.invalid'),
    );
  });

  it.each([
    [
      'another public key',
      (text: string) => text.replace(/"publicKey": ".{4}/, '"publicKey": "0000'),
    ],
    ['another label', (text: string) => text.replace('"owner"', '"other"')],
  ])('that names %s than it holds is none', async (_, change) => {
    had(await createSealedKey(folder, 'owner', sealBy('a')));
    writeFileSync(file, change(readFileSync(file, 'utf8')));
    expect(await openSealedKey(file, openBy('a'))).toMatchObject(refusedAs('key.invalid'));
  });

  it.each([
    ['a member more', (key: object) => ({ ...key, more: 1 })],
    ['no version', ({ v: _, ...key }: { v?: number }) => key],
    ['a key that is none', (key: object) => ({ ...key, publicKey: 'AA' })],
    ['nothing sealed', (key: object) => ({ ...key, sealed: null })],
  ])('with %s is none', async (_, change) => {
    had(await createSealedKey(folder, 'owner', sealBy('a')));
    writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(file, 'utf8')) as object)));
    expect(readStoredKey(file)).toMatchObject(refusedAs('key.invalid'));
    expect(listKeys(folder)).toMatchObject(refusedAs('key.invalid'));
  });
});

describe('the passphrase of a key', () => {
  it('is set, changed and dropped, and the key stays the same', async () => {
    const { id } = had(createKey(folder, 'owner'));
    had(await changeSeal(file, openBy(''), sealBy('a')));
    expect(loadKey(file)).toMatchObject(refusedAs('passphrase.missing'));
    expect(await changeSeal(file, openBy('b'), sealBy('c'))).toMatchObject(
      refusedAs('passphrase.wrong'),
    );
    had(await changeSeal(file, openBy('a'), sealBy('b')));
    expect(await openSealedKey(file, openBy('a'))).toMatchObject(refusedAs('passphrase.wrong'));
    had(await changeSeal(file, openBy('b'), undefined));
    expect(had(loadKey(file)).id).toBe(id);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['owner.key.json']);
  });

  it('leaves nothing of the seed where it was before', async () => {
    had(createKey(folder, 'owner'));
    const before = openSync(file, 'r');
    had(await changeSeal(file, openBy(''), sealBy('a')));
    const left = Buffer.alloc(4_096, 1);
    const size = readSync(before, left, 0, left.length, 0);
    expect(left.subarray(0, size).every((byte) => byte === 0)).toBe(true);
  });

  it('is also that of the successor', async () => {
    const old = had(await createSealedKey(folder, 'owner', sealBy('a')));
    const next = had(await prepareSuccessor(folder, 'owner', sealBy('a')));
    expect(had(pendingSuccessor(folder, 'owner'))?.id).toBe(next.id);
    had(putInPlace(folder, 'owner'));
    expect(had(await openSealedKey(file, openBy('a'))).id).toBe(next.id);
    expect(next.id).not.toBe(old.id);
    expect(loadKey(file)).toMatchObject(refusedAs('passphrase.missing'));
  });
});
