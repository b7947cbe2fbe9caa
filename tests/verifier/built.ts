import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { madeOnce } from '@chancery/testkit/shared-folder';

const root = path.resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

/** What `npm run build` makes, and a folder of the test's own. */
export interface Built {
  readonly folder: string;
  readonly program: string;
  readonly page: string;
  readonly kernel: string;
  readonly remove: () => void;
}

/** Builds once for all test files. */
export async function build(): Promise<Built> {
  const dist = await madeOnce('dist', async (made) => {
    await run(process.execPath, [path.join(root, 'scripts/build.ts'), made]);
  });
  const folder = mkdtempSync(path.join(tmpdir(), 'chancery-built-'));
  const inside = (name: string): string => path.join(dist, name);
  return {
    folder,
    program: inside('chancery-verify.mjs'),
    page: inside('chancery-verify.html'),
    kernel: inside('kernel'),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

export interface Ended {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program of Node in an empty folder, with nothing of ours in its environment. */
export async function runIn(cwd: string, file: string, args: readonly string[]): Promise<Ended> {
  const env = { PATH: path.dirname(process.execPath) };
  try {
    const { stdout, stderr } = await run(process.execPath, [file, ...args], { cwd, env });
    return { exit: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: unknown; stdout?: string; stderr?: string };
    if (typeof code !== 'number') throw error;
    return { exit: code, stdout: stdout ?? '', stderr: stderr ?? '' };
  }
}
