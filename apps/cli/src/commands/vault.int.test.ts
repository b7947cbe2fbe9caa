import { chmodSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Stand } from '../cli-fixture.ts';

const value = 'correct horse battery';
let stand: Stand;
let file: string;

beforeEach(async () => {
  stand = new Stand();
  await stand.init();
  file = join(stand.home, 'vault.age');
});

afterEach(() => {
  stand.remove();
});

function passphraseFile(name: string, text: string, mode = 0o600): string {
  const path = join(stand.folder, name);
  writeFileSync(path, text, { mode });
  chmodSync(path, mode);
  return path;
}

async function codeOf(words: readonly string[], env = {}, input = value): Promise<string> {
  const { exit, stderr } = await stand.run(words, env, input);
  const code = /^error ([a-z.-]+):/m.exec(stderr)?.[1] ?? '';
  return `${exit} ${code}`;
}

describe('the vault on the command line', () => {
  it('keeps what standard input says, and never shows it', async () => {
    expect((await stand.json(['vault', 'init'])).lines).toMatchObject([
      { type: 'vault', file, locked: false, secrets: [] },
    ]);
    const set = await stand.json(['vault', 'set', 'npm-token'], {}, `${value}\n`);
    expect(set.lines).toMatchObject([
      { type: 'secret-set', name: 'npm-token', scope: 'global', replaced: false },
    ]);
    const again = ['vault', 'set', 'npm-token', '--scope', 'plan:release'];
    const replaced = await stand.run(again, {}, 'battery staple nine');
    expect(replaced.stdout).toBe('vault:npm-token has another value now, for plan:release.\n');
    const listed = await stand.run(['vault', 'list']);
    expect(listed.stdout).toMatch(/^HANDLE.*\nvault:npm-token +plan:release +20/);
    const rotated = await stand.json(['vault', 'rotate']);
    expect(rotated.lines).toMatchObject([{ secrets: [{ name: 'npm-token' }] }]);
    const removed = await stand.json(['vault', 'remove', 'npm-token']);
    expect(removed.lines).toEqual([{ type: 'secret-removed', name: 'npm-token' }]);
    expect((await stand.run(['vault', 'list'])).stdout).toBe('The vault is empty.\n');
    const shown = [set, replaced, listed, rotated, removed].map((left) => JSON.stringify(left));
    for (const text of [value, 'battery staple nine']) expect(shown.join()).not.toContain(text);
  });

  it('takes no value that is longer than any may be', async () => {
    await stand.run(['vault', 'init']);
    expect(await codeOf(['vault', 'set', 'api'], {}, 'x'.repeat(70_000))).toBe('2 vault.invalid');
  });

  it('keeps for which hosts a secret is, in one form', async () => {
    await stand.run(['vault', 'init']);
    const words = [
      'vault',
      'set',
      'api',
      '--host',
      'API.example.org',
      '--host',
      '*.example.net:8443',
    ];
    const hosts = ['*.example.net:8443', 'api.example.org:443'];
    expect((await stand.json(words, {}, value)).lines).toMatchObject([
      { type: 'secret-set', hosts },
    ]);
    expect((await stand.json(['vault', 'list'])).lines).toMatchObject([{ name: 'api', hosts }]);
    expect((await stand.run(['vault', 'list'])).stdout).toContain(hosts.join(', '));
    const replaced = await stand.run(['vault', 'set', 'api'], {}, 'battery staple nine');
    expect(replaced.stdout).toContain(`in requests to ${hosts.join(', ')}.`);
    expect(await codeOf(['vault', 'set', 'api', '--host', '*.com'])).toBe('2 usage.invalid');
    expect(await codeOf(['vault', 'set', 'api', '--host', 'https://a.b/'])).toBe('2 usage.invalid');
  });

  it('takes the value from nowhere else', async () => {
    await stand.run(['vault', 'init']);
    expect(await codeOf(['vault', 'set', 'npm-token', value])).toBe('2 usage.invalid');
    expect(await codeOf(['vault', 'set', 'npm-token'], {}, '')).toBe('2 vault.invalid');
    const { stderr } = await stand.run(['vault', 'set', 'npm-token'], {}, 'short');
    expect(stderr).toContain('a value under 8 characters would be found in ordinary text');
    expect(stderr).not.toContain('short');
    const { lines } = await stand.json(['vault', 'list']);
    expect(lines).toEqual([]);
  });

  it.each([
    ['gone', () => rmSync(file), '2 vault.missing'],
    ['empty', () => truncateSync(file), '7 vault.corrupt'],
    ['readable by others', () => chmodSync(file, 0o644), '2 vault.exposed'],
  ])('that is %s is taken for none', async (_, harm, told) => {
    await stand.run(['vault', 'init']);
    await stand.run(['vault', 'set', 'a'], {}, value);
    harm();
    for (const words of [['list'], ['set', 'b'], ['remove', 'a'], ['rotate']]) {
      expect(await codeOf(['vault', ...words])).toBe(told);
    }
  });

  it('is made once, for a ledger, and asked for by its commands alone', async () => {
    expect(await codeOf(['vault', 'list'])).toBe('2 vault.missing');
    expect(await codeOf(['vault', 'init'])).toBe('0 ');
    expect(await codeOf(['vault', 'init'])).toBe('8 vault.exists');
    expect(await codeOf(['vault'])).toBe('2 usage.invalid');
    const nowhere = { CHANCERY_HOME: join(stand.folder, 'nowhere') };
    expect(await codeOf(['vault', 'init'], nowhere)).toBe('2 ledger.missing');
  });

  it('opens by its passphrase alone, which a private file can hold', async () => {
    const first = passphraseFile('first', 'the first one\n');
    const second = passphraseFile('second', 'the second one\n');
    const open = { CHANCERY_VAULT_PASSPHRASE_FILE: first };
    expect(await codeOf(['vault', 'init', '--passphrase'])).toBe('2 passphrase.missing');
    expect((await stand.json(['vault', 'init', '--passphrase'], open)).lines).toMatchObject([
      { locked: true },
    ]);
    expect(await codeOf(['vault', 'list'])).toBe('2 passphrase.missing');
    const wrong = { CHANCERY_VAULT_PASSPHRASE_FILE: second };
    expect(await codeOf(['vault', 'list'], wrong)).toBe('2 passphrase.wrong');
    const change = ['vault', 'passphrase', '--new-file', second];
    expect(await codeOf(change, open)).toBe('0 ');
    expect(await codeOf(['vault', 'passphrase', '--drop'], wrong)).toBe('0 ');
    expect((await stand.json(['vault', 'list'])).lines).toEqual([]);
  });

  it.each([
    ['exposed', 'the first one\n', 0o644, '2 key.exposed'],
    ['short', 'short\n', 0o600, '2 passphrase.invalid'],
    ['of two lines', 'the first one\nand another\n', 0o600, '2 passphrase.invalid'],
    ['empty', '', 0o600, '2 passphrase.invalid'],
  ])('takes no passphrase of a file that is %s', async (_, text, mode, told) => {
    const env = { CHANCERY_VAULT_PASSPHRASE_FILE: passphraseFile('first', text, mode) };
    expect(await codeOf(['vault', 'init', '--passphrase'], env)).toBe(told);
    expect(statSync(file, { throwIfNoEntry: false })).toBeUndefined();
  });
});

describe('a key under a passphrase', () => {
  const ownerFile = (): string => join(stand.home, 'keys', 'owner.key.json');

  it('signs for who has it, and for nobody else', async () => {
    const first = passphraseFile('first', 'the first one\n');
    const second = passphraseFile('second', 'the second one\n');
    const open = { CHANCERY_PASSPHRASE_FILE: first };
    const before = readFileSync(ownerFile(), 'utf8');
    const set = await stand.json(['keys', 'passphrase', 'owner', '--new-file', first]);
    expect(set.lines).toMatchObject([{ type: 'key-locked', label: 'owner', locked: true }]);
    const { seed } = JSON.parse(before) as { readonly seed: string };
    expect(readFileSync(ownerFile(), 'utf8')).not.toContain(seed);
    expect(await codeOf(['halt', '--reason', 'x'])).toBe('2 passphrase.missing');
    const wrong = { CHANCERY_PASSPHRASE_FILE: second };
    expect(await codeOf(['halt', '--reason', 'x'], wrong)).toBe('2 passphrase.wrong');
    const missing = { CHANCERY_PASSPHRASE_FILE: join(stand.folder, 'none') };
    expect(await codeOf(['halt', '--reason', 'x'], missing)).toBe('2 passphrase.missing');
    expect((await stand.json(['halt', 'list'])).lines).toEqual([]);
    expect(await codeOf(['halt', '--reason', 'x'], open)).toBe('0 ');
    const change = ['keys', 'passphrase', 'owner', '--new-file', second];
    expect(await codeOf(change, open)).toBe('0 ');
    expect(await codeOf(['keys', 'passphrase', 'owner', '--drop'], wrong)).toBe('0 ');
    expect(readFileSync(ownerFile(), 'utf8')).toBe(before);
    expect(await codeOf(['halt', '--reason', 'x'])).toBe('0 ');
  });

  it('is there from the start where a ledger is founded so, and the runtime goes without', async () => {
    rmSync(stand.home, { recursive: true });
    expect(await codeOf(['init', '--passphrase'])).toBe('2 passphrase.missing');
    const open = { CHANCERY_PASSPHRASE_FILE: passphraseFile('first', 'the first one\n') };
    expect(await codeOf(['init', '--passphrase'], open)).toBe('0 ');
    expect(JSON.parse(readFileSync(ownerFile(), 'utf8'))).toMatchObject({
      kind: 'chancery-sealed-key',
    });
    expect(await codeOf(['checkpoint'])).toBe('0 ');
    const { lines } = await stand.json(['keys', 'list']);
    expect(lines.map(({ label }) => label)).toEqual(['owner', 'runtime']);
    expect(await codeOf(['halt', '--reason', 'x'])).toBe('2 passphrase.missing');
  });

  it('has a successor under the same passphrase', async () => {
    const open = { CHANCERY_PASSPHRASE_FILE: passphraseFile('first', 'the first one\n') };
    await stand.run(['keys', 'create', 'deputy']);
    const { lines } = await stand.json(['keys', 'list']);
    const key = String(lines.find(({ label }) => label === 'deputy')?.['key']);
    const trust = ['keys', 'trust', key, '--label', 'deputy', '--purpose', 'approve'];
    expect(await codeOf(trust)).toBe('0 ');
    const lock = ['keys', 'passphrase', 'deputy', '--new-file', open.CHANCERY_PASSPHRASE_FILE];
    expect(await codeOf(lock)).toBe('0 ');
    expect(await codeOf(['keys', 'rotate', 'deputy'])).toBe('2 passphrase.missing');
    expect(await codeOf(['keys', 'rotate', 'deputy'], open)).toBe('0 ');
    const deputy = join(stand.home, 'keys', 'deputy.key.json');
    expect(JSON.parse(readFileSync(deputy, 'utf8'))).toMatchObject({ kind: 'chancery-sealed-key' });
    expect(await codeOf(['halt', '--reason', 'x', '--key', deputy], open)).toBe('0 ');
  });
});
