import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startChild } from '@chancery/testkit/store-suite';
import { takeLock } from './lock.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'owner-lock-'));
  path = join(folder, 'lock.db');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const program = (then: string): string => `
import { takeLock } from '${import.meta.resolve('./lock.ts')}';
console.log(takeLock(${JSON.stringify(path)}) === undefined ? 'refused' : 'taken');
${then}`;

describe('the lock of an owner', () => {
  it('is held once, within a process and between processes, until it is released', async () => {
    const lock = takeLock(path);
    expect(lock).toBeDefined();
    expect(takeLock(path)).toBeUndefined();
    const other = startChild(program(''));
    await other.ended();
    expect(other.lines).toEqual(['refused']);
    lock?.release();
    const next = takeLock(path);
    expect(next).toBeDefined();
    next?.release();
    expect(readdirSync(folder)).toEqual(['lock.db']);
  });

  it('goes with its process, however that ends, and not with the garbage', async () => {
    const holder = startChild(
      `${program('')}
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
setFlagsFromString('--expose-gc');
setInterval(() => {}, 1_000);
setTimeout(() => { runInNewContext('gc')(); console.log('collected'); }, 50);`,
    );
    await holder.said(2);
    expect(holder.lines).toEqual(['taken', 'collected']);
    expect(takeLock(path)).toBeUndefined();
    await holder.kill();
    const lock = takeLock(path);
    expect(lock).toBeDefined();
    lock?.release();
  });
});
