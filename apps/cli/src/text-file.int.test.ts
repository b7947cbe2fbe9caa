import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Stand } from './cli-fixture.ts';

let stand: Stand;

beforeEach(async () => {
  stand = new Stand();
  await stand.init();
});

afterEach(() => stand.remove());

function file(name: string, bytes: Uint8Array | string): string {
  const path = join(stand.folder, name);
  writeFileSync(path, bytes, { mode: 0o600 });
  return path;
}

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');

describe('a file that is not UTF-8', () => {
  it('is no policy: nobody knows what its rules are about', async () => {
    const rule = '@id("no-cafe") forbid (principal, action, resource)';
    const path = file('team.cedar', latin1(`${rule} when { context.path like "caf\u00e9/*" };`));
    for (const words of [['check'], ['fmt'], ['test'], ['bundle'], ['activate', '--yes']]) {
      const { exit, lines } = await stand.json(['policy', ...words, path]);
      expect({ words, exit, lines }).toMatchObject({ exit: 2, lines: [{ code: 'usage.invalid' }] });
      expect(String(lines[0]?.['message'])).toContain('is not UTF-8');
    }
    expect((await stand.json(['policy', 'list'])).lines).toHaveLength(1);
  });

  it('is no passphrase, whoever calls it one: many others would open the same', async () => {
    const bytes = (first: number) => Uint8Array.from({ length: 12 }, (_, at) => first + at);
    const words = ['keys', 'passphrase', 'owner', '--new-file', file('one', bytes(0xf0))];
    expect((await stand.json(words)).lines[0]).toMatchObject({ code: 'passphrase.missing' });
    const locked = [
      'keys',
      'passphrase',
      'owner',
      '--new-file',
      file('two', 'a passphrase of ada'),
    ];
    expect((await stand.json(locked)).exit).toBe(0);
    const other = { CHANCERY_PASSPHRASE_FILE: file('three', bytes(0x80)) };
    expect((await stand.json(['halt'], other)).lines[0]).toMatchObject({
      code: 'passphrase.missing',
    });
  });
});

it('a file that is not there is told as such', async () => {
  const { exit, lines } = await stand.json(['policy', 'check', join(stand.folder, 'none')]);
  expect({ exit, lines }).toMatchObject({ exit: 2, lines: [{ code: 'usage.invalid' }] });
  expect(String(lines[0]?.['message'])).toContain('cannot be read (ENOENT)');
});

it.each(['keys sign', 'policy check', 'writ inspect', 'prices check'])(
  '%s does not read for ever',
  async (command) => {
    const { exit, lines } = await stand.json([...command.split(' '), '/dev/zero']);
    expect({ exit, lines }).toMatchObject({ exit: 2, lines: [{ code: 'usage.invalid' }] });
  },
);
