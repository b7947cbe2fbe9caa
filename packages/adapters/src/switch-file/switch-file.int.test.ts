import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { switchFile } from './index.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chancery-switch-'));
  path = join(folder, 'halt');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const killed = { scope: 'all', run: null, mode: 'kill' };

describe('a switch file', () => {
  it('that is not there takes nothing away', () => {
    expect(switchFile(path).read()).toBe(undefined);
    expect(switchFile(join(folder, 'no', 'such', 'home', 'halt')).read()).toBe(undefined);
  });

  it('that was touched kills everything until it is removed', () => {
    const on = switchFile(path);
    execFileSync('touch', [path]);
    expect(on.read()).toEqual({ ...killed, reason: 'it is there' });
    rmSync(path);
    expect(on.read()).toBe(undefined);
  });

  it('is what it says, also behind a link', () => {
    writeFileSync(join(folder, 'told'), '{"mode":"soft","run":"r1","reason":"look"}\n');
    symlinkSync('told', path);
    const told = { scope: 'run', run: 'r1', mode: 'soft', reason: 'look' };
    expect(switchFile(path).read()).toEqual(told);
  });

  it.each<readonly [string, () => void]>([
    ['a folder', () => mkdirSync(path)],
    ['a link to nothing', () => symlinkSync('nothing', path)],
    ['a link to itself', () => symlinkSync('halt', path)],
    ['a pipe', () => execFileSync('sh', ['-c', 'mkfifo "$0"', path])],
    ['a text that is no JSON', () => writeFileSync(path, 'soft')],
    ['bytes that are no text', () => writeFileSync(path, Buffer.from([0xff, 0xfe]))],
    [
      'more than anybody would say',
      () => writeFileSync(path, `{"mode":"soft","reason":"${' '.repeat(20_000)}"}`),
    ],
    [
      'a hole of a gigabyte',
      () => {
        writeFileSync(path, '');
        truncateSync(path, 2 ** 30);
      },
    ],
  ])('that is %s kills everything', (_, make) => {
    make();
    const reason = expect.stringMatching(/^it cannot be read, /) as string;
    expect(switchFile(path).read()).toEqual({ ...killed, reason });
  });

  it('that lies where a folder should be kills everything', () => {
    writeFileSync(join(folder, 'home'), '');
    expect(switchFile(join(folder, 'home', 'halt')).read()).toMatchObject(killed);
  });

  it('is watched: set, changed and removed', async () => {
    const on = switchFile(path);
    let wake = (): void => undefined;
    const next = (): Promise<void> =>
      new Promise((resolve) => {
        wake = resolve;
      });
    const stop = on.watch(() => wake());
    let told = next();
    execFileSync('touch', [path]);
    await told;
    told = next();
    writeFileSync(join(folder, 'new'), '{"mode":"soft"}');
    renameSync(join(folder, 'new'), path);
    await told;
    expect(on.read()).toMatchObject({ mode: 'soft' });
    told = next();
    rmSync(path);
    await told;
    expect(on.read()).toBe(undefined);
    stop();
  });
});
