import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Stand, type JsonLine } from '../cli-fixture.ts';

let stand: Stand;

beforeEach(async () => {
  stand = new Stand();
  await stand.init();
});

afterEach(async () => {
  expect((await stand.run(['verify'])).exit).toBe(0);
  stand.remove();
});

const trusted = ['--label', 'deputy', '--purpose', 'approve', '--purpose', 'run'];

async function keys(): Promise<readonly JsonLine[]> {
  const { exit, lines } = await stand.json(['keys', 'list']);
  expect(exit).toBe(0);
  return lines;
}

async function make(name: string): Promise<string> {
  const { exit, lines } = await stand.json(['keys', 'create', name]);
  expect(exit).toBe(0);
  return String(lines[0]?.['key']);
}

describe('keys list', () => {
  it('tells roots, what each key may, and which are here', async () => {
    const spare = await make('spare');
    expect(await keys()).toMatchObject([
      { label: 'owner', root: true, purposes: ['issue', 'approve', 'sign-policy'] },
      { label: 'runtime', root: false, purposes: ['run', 'work'] },
      { key: spare, label: 'spare', root: false, purposes: [] },
    ]);
    for (const { file } of await keys()) expect(String(file)).toContain(stand.home);
    const { stdout } = await stand.run(['keys', 'list']);
    expect(stdout).toContain('root issue approve sign-policy');
    expect(stdout).toContain('Its root says whom the ledger trusts.');
  });

  it('refuses a key file that others may read', async () => {
    chmodSync(join(stand.home, 'keys', 'owner.key.json'), 0o644);
    const { exit, lines } = await stand.json(['keys', 'list']);
    expect({ exit, lines }).toMatchObject({ exit: 2, lines: [{ code: 'key.exposed' }] });
  });
});

describe('keys create', () => {
  it('makes a key for its owner alone, and never overwrites one', async () => {
    await make('second');
    const file = join(stand.home, 'keys', 'second.key.json');
    const before = readFileSync(file);
    const { exit, lines } = await stand.json(['keys', 'create', 'second']);
    expect({ exit, lines }).toMatchObject({ exit: 8, lines: [{ code: 'key.exists' }] });
    expect(readFileSync(file)).toEqual(before);
  });

  it.each(['', '../up', 'a/b', 'Ü'])('refuses the name %j', async (name) => {
    const { exit, lines } = await stand.json(['keys', 'create', name]);
    expect({ exit, lines }).toMatchObject({ exit: 2, lines: [{ code: 'key.invalid' }] });
  });
});

describe('keys trust', () => {
  it('gives a key purposes beside those that it has, and says so once', async () => {
    const key = await make('deputy');
    const first = await stand.json(['keys', 'trust', key, ...trusted]);
    expect(first.lines).toMatchObject([{ key, label: 'deputy', purposes: ['approve', 'run'] }]);
    const entries = (await stand.json(['verify'])).lines[0]?.['entries'];
    const again = await stand.json(['keys', 'trust', key, ...trusted]);
    expect(again.lines).toEqual(first.lines);
    expect((await stand.json(['verify'])).lines[0]?.['entries']).toBe(entries);
    const more = ['keys', 'trust', key, '--label', 'another', '--purpose', 'issue'];
    expect((await stand.json(more)).lines).toMatchObject([
      { key, label: 'deputy', purposes: ['issue', 'approve', 'run'] },
    ]);
  });

  it('lets a key that approves vote and halt', async () => {
    const key = await make('deputy');
    const file = join(stand.home, 'keys', 'deputy.key.json');
    const halt = ['halt', '--key', file];
    expect((await stand.json(halt)).lines).toMatchObject([{ code: 'approval.not-approver' }]);
    await stand.run(['keys', 'trust', key, ...trusted]);
    expect((await stand.json(halt)).lines).toMatchObject([{ type: 'halted', by: key }]);
  });

  it('refuses whoever is no root, and records nothing', async () => {
    const key = await make('deputy');
    const entries = (await stand.json(['verify'])).lines[0]?.['entries'];
    const own = ['--key', join(stand.home, 'keys', 'deputy.key.json')];
    const { exit, lines } = await stand.json(['keys', 'trust', key, ...trusted, ...own]);
    expect({ exit, lines }).toMatchObject({ exit: 3, lines: [{ code: 'key.not-root' }] });
    expect((await stand.json(['verify'])).lines[0]?.['entries']).toBe(entries);
  });

  it.each([
    ['what is no key', ['ed25519:ab', '--label', 'x', '--purpose', 'run']],
    ['an unknown purpose', [`ed25519:${'a'.repeat(64)}`, '--label', 'x', '--purpose', 'rule']],
    ['no purpose', [`ed25519:${'a'.repeat(64)}`, '--label', 'x']],
    ['no label', [`ed25519:${'a'.repeat(64)}`, '--purpose', 'run']],
    ['an empty label', [`ed25519:${'a'.repeat(64)}`, '--label', '', '--purpose', 'run']],
  ])('refuses %s', async (_, words) => {
    const { exit, lines } = await stand.json(['keys', 'trust', ...words]);
    expect({ exit, lines }).toMatchObject({ exit: 2, lines: [{ code: 'usage.invalid' }] });
  });

  it('refuses a file that is no key', async () => {
    const file = join(stand.folder, 'note.json');
    writeFileSync(file, '{}', { mode: 0o600 });
    const words = ['keys', 'trust', `ed25519:${'a'.repeat(64)}`, ...trusted, '--key', file];
    const { exit, lines } = await stand.json(words);
    expect({ exit, lines }).toMatchObject({ exit: 2, lines: [{ code: 'key.invalid' }] });
  });
});

it('keys alone says what there is to do', async () => {
  const { exit, lines } = await stand.json(['keys']);
  expect({ exit, lines }).toMatchObject({ exit: 2, lines: [{ code: 'usage.invalid' }] });
});
