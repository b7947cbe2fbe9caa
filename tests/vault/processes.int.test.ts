import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AgeVault } from '@chancery/adapters/vault-age';
import { RefusalError, type Result } from '@chancery/kernel/refusal';
import { vaultIn } from './place.ts';

const value = 'correct horse battery';
let folder: string;
let identityFile: string;
let vault: AgeVault;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vault-'));
  identityFile = join(folder, 'keys', 'vault.identity');
  vault = vaultIn(folder);
  had(await vault.init());
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function had<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new RefusalError(result.refusal);
}

describe('a vault', () => {
  it('loses nothing when processes change it at the same moment', async () => {
    const setters = ['a', 'b', 'c'].map(
      (name) =>
        new Promise<number | null>((resolve) => {
          const program = new URL('setter.ts', import.meta.url).pathname;
          const child = spawn(process.execPath, [program, folder, name, '5']);
          child.once('close', resolve);
        }),
    );
    expect(await Promise.all(setters)).toEqual([0, 0, 0]);
    const listed = had(await had(await vault.unlock()).list());
    expect(listed.map(({ name }) => name)).toEqual(
      ['a', 'b', 'c'].flatMap((name) => [0, 1, 2, 3, 4].map((nth) => `${name}${nth}`)),
    );
  });

  it('opens with its key also where the process that rotated it was killed in between', async () => {
    had(await had(await vault.unlock()).set({ name: 'a', value }));
    for (let times = 0; times < 3; times += 1) {
      const before = readFileSync(identityFile, 'utf8');
      const program = new URL('rotator.ts', import.meta.url).pathname;
      const child = spawn(process.execPath, [program, folder]);
      const ended = new Promise((resolve) => child.once('close', resolve));
      while (readFileSync(identityFile, 'utf8') === before) await setImmediate();
      child.kill('SIGKILL');
      await ended;
      expect(had(await had(await vault.unlock()).lend('a')).value).toBe(value);
    }
  });
});
