import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifySignature } from '@chancery/kernel/encoding';
import { refused, type Result } from '@chancery/kernel/refusal';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createKey, listKeys, loadKey, loadSigner, type LoadedKey } from './index.ts';

let folder: string;

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'keys-')), 'keys');
});

afterEach(() => {
  rmSync(join(folder, '..'), { recursive: true });
});

function made(label = 'owner'): LoadedKey {
  return value(createKey(folder, label));
}

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.refusal.message);
  return result.value;
}

function codeOf(result: Result<unknown>): string {
  return result.ok ? 'none' : result.refusal.code;
}

function contents(file: string): Record<string, string> {
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
}

test('a key that was made can be loaded and signs for its id', () => {
  const key = made();
  const signer = value(loadSigner(key.file));
  const message = new TextEncoder().encode('a message');

  expect(signer.id).toBe(key.id);
  expect(verifySignature(key.id, message, signer.sign(message))).toBe(true);
});

test('key and folder are private, and nothing else is left in the folder', () => {
  const key = made();

  expect(statSync(key.file).mode & 0o777).toBe(0o600);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(readdirSync(folder)).toEqual(['owner.key.json']);
});

test('two keys are never the same', () => {
  expect(made('one').id).not.toBe(made('two').id);
});

test('a key that exists is not overwritten', () => {
  const key = made();
  const before = readFileSync(key.file, 'utf8');

  expect(createKey(folder, 'owner')).toEqual(refused('key.exists', `${key.file} exists`));
  expect(readFileSync(key.file, 'utf8')).toBe(before);
  expect(readdirSync(folder)).toEqual(['owner.key.json']);
});

test.each(['', '../owner', 'a/b', '.hidden', 'UPPER', 'x'.repeat(64)])(
  'a key cannot be called "%s"',
  (label) => {
    expect(codeOf(createKey(folder, label))).toBe('key.invalid');
  },
);

test('a folder that cannot be made is a refusal', () => {
  writeFileSync(folder, 'a file');

  expect(codeOf(createKey(join(folder, 'keys'), 'owner'))).toBe('ledger.unreachable');
});

test.each([0o640, 0o604, 0o620, 0o602, 0o610, 0o644])('a key of mode %o is exposed', (mode) => {
  const key = made();
  chmodSync(key.file, mode);

  expect(loadKey(key.file)).toEqual(
    refused('key.exposed', `${key.file} has mode ${mode.toString(8)}`),
  );
});

test('a symlink is followed, and what it leads to must be private', () => {
  const key = made();
  const link = join(folder, 'link');
  symlinkSync(key.file, link);
  expect(value(loadKey(link)).id).toBe(key.id);

  chmodSync(key.file, 0o644);
  expect(codeOf(loadKey(link))).toBe('key.exposed');
});

test('a file that is not there is missing', () => {
  const file = join(folder, 'none');

  expect(loadKey(file)).toEqual(refused('key.missing', `${file} cannot be opened (ENOENT)`));
});

test('a folder is not a key', () => {
  mkdirSync(folder, { mode: 0o700 });

  expect(codeOf(loadKey(folder))).toBe('key.invalid');
});

test.each<[string, (text: string, fields: Record<string, string>) => string]>([
  ['empty', () => ''],
  ['cut short', (text) => text.slice(0, 40)],
  ['with another seed', (_, fields) => JSON.stringify({ ...fields, seed: btoa('x'.repeat(32)) })],
  ['with a short seed', (_, fields) => JSON.stringify({ ...fields, seed: btoa('x'.repeat(31)) })],
  ['of another kind', (_, fields) => JSON.stringify({ ...fields, kind: 'key' })],
  ['of a later version', (_, fields) => JSON.stringify({ ...fields, v: 2 })],
  ['with one more member', (_, fields) => JSON.stringify({ ...fields, note: 'x' })],
  ['without a label', (_, { label, ...fields }) => JSON.stringify({ ...fields, nolabel: label })],
  ['larger than any key', (text) => text + ' '.repeat(5000)],
])('a key file %s is invalid, and its seed is not told', (_, broken) => {
  const key = made();
  const fields = contents(key.file);
  writeFileSync(key.file, broken(readFileSync(key.file, 'utf8'), fields));

  const result = loadKey(key.file);
  expect(codeOf(result)).toBe('key.invalid');
  expect(JSON.stringify(result)).not.toContain(fields['seed']);
});

test('a loaded key does not show its seed', () => {
  const key = made();

  expect(JSON.stringify(key)).not.toContain(contents(key.file)['seed']);
});

test('keys are listed by label, other files passed over', () => {
  const two = made('two');
  const one = made('one');
  writeFileSync(join(folder, 'notes.txt'), 'notes');

  expect(value(listKeys(folder))).toEqual([
    { id: one.id, label: 'one', file: one.file },
    { id: two.id, label: 'two', file: two.file },
  ]);
});

test('a folder that is not there has no keys', () => {
  expect(value(listKeys(folder))).toEqual([]);
});

test.each([
  [0o777, 'key.exposed'],
  [0o770, 'key.exposed'],
  [0o702, 'key.exposed'],
  [0o755, 'none'],
  [0o1777, 'none'],
])('a key in a folder of mode %o, is %s', (mode, code) => {
  const { file } = made();
  chmodSync(folder, mode);
  expect(codeOf(loadKey(file))).toBe(code);
});

test('one exposed key refuses the list', () => {
  chmodSync(made().file, 0o644);

  expect(codeOf(listKeys(folder))).toBe('key.exposed');
});

test.skipIf(process.platform !== 'linux')(
  'a key whose disk fails is not read, and that is told',
  () => {
    // A file of this user's own, of which the first byte can be read by nobody.
    expect(codeOf(loadSigner('/proc/self/mem'))).toBe('ledger.unreachable');
  },
);
